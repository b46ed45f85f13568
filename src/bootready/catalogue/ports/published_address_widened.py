"""A variable publishes ports to every network where its default keeps them on this machine."""

from __future__ import annotations

import re

from bootready.check.api import Context, Finding, Iterator, Needs, Report, Severity, check
from bootready.knowledge.engine.ports import WILDCARDS
from bootready.knowledge.examples import ENV_TEMPLATES
from bootready.model.lookup import shown
from bootready.model.node import Reference
from bootready.model.position import Location
from bootready.model.project import Port


@check(
    summary="a variable publishes ports on every address, unlike its default",
    severity=Severity.WARNING,
    needs=Needs.HOST,
    looks_at=("service.ports",),
    mentions=("127.", "::1", "localhost"),
    since="0.2.0",
    reference="https://docs.docker.com/engine/network/port-publishing/",
)
def published_address_widened(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Looks for published ports whose host address comes from a variable: it is `0.0.0.0` or `::`
    now, and a loopback address in the Compose file's default or in the template of `.env`.

    ## Why it matters
    The project was made to answer on this machine only. Now everybody who reaches the machine
    reaches these ports: what Docker publishes passes by `ufw` and `firewalld`. What answers on
    them may have no password, or no encryption, for that reason.

    ## Remedy
    Set the variable to the loopback address again, or to the one address of the machine on which
    the ports have to answer.

    ## When to silence it
    Where the ports are meant for every network that reaches the machine, and what answers there
    asks for a password and encrypts.
    """
    found: dict[str, list[Location]] = {}
    meant: dict[str, str] = {}
    widened = [one for one in _addressed(context) if one[0].host_ip in WILDCARDS - {""}]
    defaults = _template(context) if widened else {}
    for port, reference in widened:
        given = reference.argument if reference.operator in {"-", ":-"} else ""
        default = next(filter(_is_loopback, (given, defaults.get(reference.name, ""))), "")
        if default:
            found.setdefault(reference.name, []).append(port.location)
            meant[reference.name] = default
    for name, places in found.items():
        variable = context.project.variables[name]
        source = variable.source
        where = (
            "the shell" if source == "shell" else f"'{shown(source, context.project.directory)}'"
        )
        ports = "1 port" if len(places) == 1 else f"{len(places)} ports"
        yield report(
            places[0].labelled("this answers on every address"),
            f"variable '{name}': {where} publishes {ports} on every address, not on {meant[name]}",
            related=places[1:6],
            variable=name,
            hint=f"{name}={meant[name]}",
        )._replace(places=len(places))


def _addressed(context: Context) -> Iterator[tuple[Port, Reference]]:
    """Yield each published port with the variable that its host address comes from."""
    uses: dict[tuple[str | int, ...], list[Reference]] = {}
    for reference, path in context.project.uses:
        if path[2:3] == ("ports",):
            uses.setdefault(path[:4], []).append(reference)
    for service in context.project.services if uses else ():
        for port in service.ports if service.network_mode != "host" else ():
            for reference in uses.get(tuple(port.location.path[:4]), ()):
                variable = context.project.variables.get(reference.name)
                if variable and variable.value.strip().strip("[]") == port.host_ip:
                    yield port, reference


def _template(context: Context) -> dict[str, str]:
    """Return what the template of the .env file sets, commented out or not."""
    paths = (f"{context.project.directory}/{name}" for name in ENV_TEMPLATES)
    path = next(filter(context.host.file, paths), "")
    text = (context.host.read_text(path) or "") if path else ""
    line = re.compile(r"^[ \t]*#?[ \t]*(?:export[ \t]+)?([A-Za-z_]\w*)=([^\s#]*)", re.MULTILINE)
    return {name: value.strip("\"'") for name, value in line.findall(text)}


def _is_loopback(address: str) -> bool:
    return address == "localhost" or address.strip("[]").startswith(("127.", "::1"))
