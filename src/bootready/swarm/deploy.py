"""`deploy`, `restart`, limits and hints of a service -> the `deploy` of a stack file."""

from __future__ import annotations

from bootready.model.lookup import at, text_at, value_at
from bootready.model.node import Node, Plain, plain
from bootready.model.project import Service
from bootready.regex import regex
from bootready.swarm.hints import Wishes
from bootready.swarm.losses import Teller

_JOBS = {"replicated-job": "replicated", "global-job": "global"}
_ARCHITECTURES = {
    "amd64": "x86_64",
    "x86_64": "x86_64",
    "arm64": "aarch64",
    "aarch64": "aarch64",
    "386": "i386",
    "ppc64le": "ppc64le",
    "s390x": "s390x",
    "riscv64": "riscv64",
}
"""What an engine calls the machines of a platform (`docker info`, Architecture)."""
_RESTART = regex(r"on-failure(?::([0-9]+))?")
_PERIOD = 100_000
"""Microseconds; the kernel's own period of CFS."""


def deploy_of(service: Service, wishes: Wishes, teller: Teller) -> dict[str, Plain]:
    """Return the `deploy` of `service`; what is different is told to `teller`."""
    made = _written(service)
    _mode(made, wishes, teller)
    _replicas(service, made, teller)
    _resources(service, made, teller)
    _restart(service, made, wishes, teller)
    _placement(service, made, wishes, teller)
    if wishes.ports == "ingress":
        made["endpoint_mode"] = "vip"  # the routing mesh has no other way to a task
    elif wishes.endpoint_mode:
        made["endpoint_mode"] = wishes.endpoint_mode
    else:
        # Compose's names are those of containers, too; and a virtual IP needs IPVS on every node.
        made.setdefault("endpoint_mode", "dnsrr")
    return made


def is_global(deploy: dict[str, Plain]) -> bool:
    """Tell whether a service runs once on every node."""
    return deploy.get("mode") == "global"


def _written(service: Service) -> dict[str, Plain]:
    deploy = at(service.node, "deploy")
    value = plain(deploy) if deploy is not None else {}
    return dict(value) if isinstance(value, dict) else {}


def _mode(made: dict[str, Plain], wishes: Wishes, teller: Teller) -> None:
    mode = str(made.get("mode") or "")
    if mode in _JOBS:
        made["mode"] = _JOBS[mode]
        made.setdefault("restart_policy", {"condition": "on-failure"})
        what = f"{{}} becomes `mode: {_JOBS[mode]}` that is not started again once it has succeeded"
        teller.converted(("deploy", "mode"), what)
    if wishes.mode:
        made["mode"] = wishes.mode
    if is_global(made) and made.pop("replicas", None) is not None:
        what = "{} is left out: a service with `mode: global` runs once on every node"
        teller.converted(("deploy", "replicas"), what, check="")


def _replicas(service: Service, made: dict[str, Plain], teller: Teller) -> None:
    scale = value_at(service.node, "scale")
    if scale is not None and "replicas" not in made and not is_global(made):
        made["replicas"] = scale
        teller.converted(("scale",), "{} becomes `deploy.replicas`")


def _resources(service: Service, made: dict[str, Plain], teller: Teller) -> None:
    written = made.pop("resources", None)
    resources = dict(written) if isinstance(written, dict) else {}
    limits = _limits(resources.get("limits"), "limits", teller)
    reservations = _limits(resources.get("reservations"), "reservations", teller)
    for key, (into, name) in {
        "mem_limit": (limits, "memory"),
        "cpus": (limits, "cpus"),
        "pids_limit": (limits, "pids"),
        "mem_reservation": (reservations, "memory"),
    }.items():
        value = value_at(service.node, key)
        # No limit: 0 for memory and processors, and below for processes.
        if value is None or str(value).startswith("-") or str(value) in {"0", "0.0"}:
            continue
        side = "limits" if into is limits else "reservations"
        into.setdefault(name, value if name == "pids" else _number_text(value))
        teller.converted((key,), f"{{}} becomes `deploy.resources.{side}.{name}`")
    _quota(service.node, limits, teller)
    kept = {"limits": limits, "reservations": reservations}
    if any(kept.values()):
        made["resources"] = {name: value for name, value in kept.items() if value}


def _limits(written: Plain, side: str, teller: Teller) -> dict[str, Plain]:
    found = dict(written) if isinstance(written, dict) else {}
    for name in ("cpus", "memory"):
        if found.get(name) is not None:
            found[name] = _number_text(found[name])
    if found.pop("devices", None):
        teller.lost(
            ("deploy", "resources", side, "devices"),
            "a stack file cannot say {}",
            "the container has no GPU, unless it is the default of its node's runtime",
            "use `generic_resources` and a default runtime on the nodes that have one",
        )
    return found


def _quota(node: Node, limits: dict[str, Plain], teller: Teller) -> None:
    quota, period = value_at(node, "cpu_quota"), value_at(node, "cpu_period")
    if not isinstance(quota, int) or quota <= 0:
        if period:
            teller.converted(
                ("cpu_period",), "{} is left out: without `cpu_quota` it limits nothing"
            )
        return
    every = period if isinstance(period, int) and period > 0 else _PERIOD
    limits.setdefault("cpus", _number_text(round(quota / every, 3)))
    teller.converted(("cpu_quota",), "{} becomes `deploy.resources.limits.cpus`")


def _number_text(value: Plain) -> str:
    """Return a number as the loader wants it: a string, without an exponent."""
    if isinstance(value, float):
        return f"{value:.9f}".rstrip("0").rstrip(".")
    return str(value)


def _restart(service: Service, made: dict[str, Plain], wishes: Wishes, teller: Teller) -> None:
    if wishes.restart:
        made["restart_policy"] = {"condition": wishes.restart}
        return
    if made.get("restart_policy"):
        return
    policy = service.restart or "no"
    made["restart_policy"] = _policy(policy)
    if service.restart:
        condition = dict(_policy(policy))["condition"]
        what = f"{{}} becomes `deploy.restart_policy` with the condition '{condition}'"
        teller.converted(("restart",), what)
    else:
        what = "gets the restart condition 'none': Compose does not start it again either"
        teller.converted((), what, check="")


def _policy(restart: str) -> dict[str, Plain]:
    failure = _RESTART.fullmatch(restart)
    if failure is None:
        return {"condition": "none" if restart == "no" else "any"}
    if failure[1] and int(failure[1]):
        return {"condition": "on-failure", "max_attempts": int(failure[1])}
    return {"condition": "on-failure"}


def _placement(service: Service, made: dict[str, Plain], wishes: Wishes, teller: Teller) -> None:
    constraints = []
    platform = text_at(service.node, "platform")
    if platform:
        system, _, rest = platform.partition("/")
        machine = _ARCHITECTURES.get(rest.partition("/")[0])
        constraints.append(f"node.platform.os == {system}")
        if machine:
            constraints.append(f"node.platform.arch == {machine}")
        teller.converted(("platform",), "{} becomes constraints of `deploy.placement`")
    if wishes.pin:
        label, _, value = wishes.pin.partition("=")
        constraints.append(f"node.labels.{label} == {value}")
    if not constraints:
        return
    written = made.get("placement")
    placement = dict(written) if isinstance(written, dict) else {}
    former = placement.get("constraints")
    placement["constraints"] = [*(former if isinstance(former, list) else ()), *constraints]
    made["placement"] = placement
