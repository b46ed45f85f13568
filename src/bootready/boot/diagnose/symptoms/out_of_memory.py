"""A container that the kernel killed for its memory -> the limit that it hit."""

from bootready.boot.diagnose.api import Evidence, Explanation, attribute, nested, symptom


@symptom(summary="the kernel killed the process for using too much memory", rank=35)
def out_of_memory(evidence: Evidence) -> Explanation | None:
    """The engine notes it as `OOMKilled`; the exit code is 137 where the main process was hit."""
    container = evidence.container
    if container is None or not container.out_of_memory:
        return None
    service = evidence.service
    limit = container.memory_limit
    size = f"{limit / 1048576:.0f} MiB" if limit else "all available memory"
    place = nested(service, "deploy", "resources", "limits", "memory") if service else None
    return Explanation(
        headline=f"was killed for using too much memory (exit {container.exit_code}, limit {size})",
        cause=f"the process used more than {size}, and the kernel killed it",
        remedy="raise the memory limit of the service, or make the program use less",
        location=place or attribute(service, "mem_limit"),
        evidence=(f"engine: OOMKilled, exit code {container.exit_code}, limit {size}",),
    )
