"""A service whose probe runs and says no -> what the probe said."""

from bootready.boot.diagnose.api import Evidence, Explanation, attribute, symptom
from bootready.boot.diagnose.telling import telling


@symptom(summary="the healthcheck runs and fails", rank=70)
def probe_fails(evidence: Evidence) -> Explanation | None:
    """Nothing else explains it, so the probe's own words are the best there is."""
    container, probe = evidence.container, evidence.probe
    if container is None or probe is None or evidence.died or not container.health:
        return None
    output = telling(probe.output.splitlines())
    said = f"'{output}'" if output else f"exit code {probe.exit_code}, no output"
    check = evidence.service.healthcheck if evidence.service else None
    test = " ".join(check.test) if check else "the image's own"
    return Explanation(
        headline=f"is unhealthy: its probe says {said}",
        cause=f"the process runs, but its healthcheck fails with exit code {probe.exit_code}",
        remedy="run the test by hand in the container (docker compose exec), and correct either "
        "the service or its `healthcheck`",
        location=attribute(evidence.service, "healthcheck"),
        evidence=(f"test: {test}", f"probe: exit {probe.exit_code}: {output or '(no output)'}"),
    )
