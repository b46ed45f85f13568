"""A refused option -> the key of the service that asks for it, by a table of refusals."""

import re

from bootready.boot.diagnose.api import Evidence, Explanation, attribute, nested, symptom
from bootready.model.position import Location
from bootready.typed import NamedTuple


class Refused(NamedTuple):
    """One refusal: the engine's words, the keys that may have caused them, cause and remedy.

    ``{0}`` stands for the first group of the pattern.
    """

    said: str
    keys: tuple[str, ...]
    cause: str
    remedy: str


TABLE = (
    Refused(
        r"unable to find user (\S+?):",
        ("user",),
        "the image has no user '{0}'",
        'set `user` to one in the image\'s /etc/passwd, or to numeric ids ("1000:1000")',
    ),
    Refused(
        r'sysctl "([^"]+)" is not in a separate kernel namespace'
        r"|sysctl '([^']+)' is not allowed",
        ("sysctls",),
        "'{0}' is set for the whole host, so a container cannot set it",
        "remove it from `sysctls`, and set it on the host: sudo sysctl -w {0}=VALUE",
    ),
    Refused(
        r"unable to find group (\S+?):",
        ("group_add", "user"),
        "the image has no group '{0}'",
        "set the group by its number",
    ),
    Refused(
        r'getent unable to find entry "([^"]+)" in passwd',
        ("user",),
        "Compose looks up the user '{0}' in the image to give it the secret, but it does not exist",
        "write `user` without a group, or use a secret with `file`",
    ),
    Refused(
        r"Minimum memory limit allowed is (\S+)",
        ("mem_limit", "deploy.resources.limits.memory"),
        "the memory limit is below the engine's minimum of {0} (a number without a unit is bytes)",
        "write the limit with a unit, such as 256m",
    ),
    Refused(
        r"container init was OOM-killed",
        ("mem_limit", "deploy.resources.limits.memory"),
        "the memory limit is too low to start any program: the kernel killed it before it ran",
        "raise the limit; a number without a unit is bytes",
    ),
    Refused(
        r"Minimum memory limit can not be less than memory reservation",
        ("mem_reservation", "deploy.resources.reservations.memory", "mem_limit"),
        "the memory reservation is greater than the limit",
        "lower the reservation, or raise the limit",
    ),
    Refused(
        r"Range of CPUs is from 0.01 to ([\d.]+)",
        ("cpus", "deploy.resources.limits.cpus"),
        "more CPUs are asked for than the {0} that this machine has",
        "set `cpus` to at most {0}",
    ),
    Refused(
        r'unknown capability: "?([\w]+)',
        ("cap_add", "cap_drop"),
        "unknown capability '{0}'",
        "correct the name; man 7 capabilities lists them",
    ),
    Refused(
        r'could not select device driver "([^"]*)" with capabilities',
        ("deploy", "gpus"),
        "this engine has no device driver '{0}' (no GPU support)",
        "install the vendor's container toolkit, or remove the device reservation",
    ),
    Refused(
        r"Unknown runtime specified (\S+)|unknown or invalid runtime name: (\S+)",
        ("runtime",),
        "this engine has no runtime '{0}'",
        "install and register the runtime, or remove `runtime`",
    ),
    Refused(
        r"error looking up logging plugin (\S+?):|logger: no log driver named '(\S+?)'",
        ("logging",),
        "this engine has no logging driver '{0}'",
        "correct `logging.driver`, or install the plugin",
    ),
    Refused(
        r"unknown log opt '([^']+)'",
        ("logging",),
        "the logging driver has no option '{0}'",
        "correct the name in `logging.options`",
    ),
    Refused(
        r"error looking up volume plugin (\S+?):",
        ("volumes",),
        "this engine has no volume driver '{0}'",
        "correct the `driver` of the volume, or install the plugin",
    ),
    Refused(
        r'gathering device information while adding custom device "([^"]+)"',
        ("devices",),
        "this machine has no device '{0}'",
        "connect the device, correct its path, or remove it from `devices`",
    ),
    Refused(
        r"open /proc/sys/(\S+?): no such file",
        ("sysctls",),
        "the kernel has no setting '{0}' for containers",
        "correct it in `sysctls`, or remove it",
    ),
    Refused(
        r"wrong rlimit value: (\w+)",
        ("ulimits",),
        "unknown ulimit '{0}'",
        "correct the name in `ulimits`",
    ),
    Refused(
        r"error setting rlimit type (\d+): operation not permitted",
        ("ulimits",),
        "`ulimits` asks for a higher limit than the engine has, and this engine may not raise any"
        " (it is rootless, or in a container)",
        "lower it to the engine's own (cat /proc/$(pidof dockerd)/limits), or start the engine with"
        " a higher one (LimitNOFILE= of its unit)",
    ),
    Refused(
        r"invalid --security-opt \d+: \"([^\"]+)\"",
        ("security_opt",),
        "unknown security option '{0}'",
        "correct it in `security_opt`",
    ),
    Refused(
        r"invalid restart policy '?([\w-]+)",
        ("restart",),
        "unknown restart policy '{0}'",
        "write no, always, on-failure or unless-stopped",
    ),
    Refused(
        r"Invalid container name \(([^)]*)\)",
        ("container_name",),
        "'{0}' is not a valid container name",
        "use letters, digits, '_', '.' and '-' only",
    ),
    Refused(
        r"Interval in Healthcheck cannot be less than (\S+)",
        ("healthcheck",),
        "the interval of the healthcheck must be at least {0}",
        "write durations with a unit, such as 5s",
    ),
    Refused(
        r"unsupported external secret (\S+)",
        ("secrets",),
        "secret '{0}' is declared `external`, which only Swarm supports",
        "give the secret a `file` or `environment`; an include may have added `external`",
    ),
    Refused(
        r'environment variable "([^"]+)" required by secret',
        ("secrets",),
        "the variable '{0}' that holds the secret is not set",
        "set '{0}' in the shell or in .env",
    ),
    Refused(
        r"cannot create secret \"([^\"]+)\" in read-only service",
        ("read_only", "secrets"),
        "secret '{0}' comes from a variable and cannot be written into a read-only container",
        "give the secret a `file`, or remove `read_only`",
    ),
    Refused(
        r"[Ii]nvalid subnet:? .*?\"?([\d./]+)",
        ("networks",),
        "'{0}' is not a valid subnet",
        "correct the `subnet` of the network",
    ),
    Refused(
        r"bind: cannot assign requested address",
        ("ports",),
        "this machine does not have the address that the port is published on",
        "publish on an address of this machine, such as 127.0.0.1",
    ),
    Refused(
        r"has no healthcheck configured",
        ("healthcheck", "image"),
        "another service waits for it to become healthy, but it has no healthcheck",
        "add a `healthcheck`, or wait with `condition: service_started`",
    ),
)


@symptom(summary="the engine rejects an option of the service", rank=15)
def option_refused(evidence: Evidence) -> Explanation | None:
    """Most of these depend on the machine, so that no look at the file alone finds them."""
    for row in TABLE:
        said = re.search(row.said, evidence.refusal)
        if said is None:
            continue
        values = [group for group in said.groups() if group]
        value = values[0] if values else ""
        cause = row.cause.replace("{0}", value)
        return Explanation(
            headline=f"cannot be started: {cause}",
            cause=cause,
            remedy=row.remedy.replace("{0}", value),
            location=_place(evidence, row.keys),
        )
    return None


def _place(evidence: Evidence, keys: tuple[str, ...]) -> Location | None:
    service = evidence.service
    if service is None:
        return None
    for key in keys:
        found = nested(service, *key.split("."))
        if found is not None:
            return found
    return attribute(service, *keys)
