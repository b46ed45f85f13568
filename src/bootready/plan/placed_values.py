"""Variables that are set nowhere, and where they stand -> wishes for what will do there.

What the project says itself comes first: the default of another reference, `export NAME=value` in
its README. Then the place: a tag, a host port, the start of a bind source, part of an address. A
variable of a container that stands alone may be left out on purpose, and is left to a person,
unless it names the project's own address or a service of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bootready.knowledge.images.known import known_image
from bootready.knowledge.images.names import parts_of
from bootready.knowledge.paths import PathKind, kind_of_missing
from bootready.knowledge.secrets.names import names_a_secret
from bootready.knowledge.values.meaning import Meaning, meaning_of, spelled
from bootready.knowledge.values.neighbours import is_own, names_the_project, peer_of, port_of
from bootready.knowledge.values.placeholder import Form, form_of, names_nobody
from bootready.knowledge.values.plain import plain_value
from bootready.model.action import SetVariable
from bootready.model.finding import Finding
from bootready.model.lines import lines_of
from bootready.model.problem import Use
from bootready.model.project import Project, Service
from bootready.plan.plain_values import ANY_TIME
from bootready.plan.value_places import Ground, Places, finding, unset_uses
from bootready.regex import regex
from bootready.typed import NamedTuple

_READMES = ("README.md", "readme.md", "README", "README.rst", "README.txt")
_PART = r"(?:\$\{[^{}]*\}|[^\s\"'\[\]{},#`])*"
_BEFORE, _AFTER = regex(rf"{_PART}$"), regex(_PART)
_SHELL = {"command", "entrypoint", "healthcheck"}
_FIRST_FREE = 8080


class Told(NamedTuple):
    """A value, and in words why it will do."""

    value: str
    why: str


def placed_values(project: Project, ground: Ground) -> Iterator[Finding]:
    """Yield a wish for each variable that is set nowhere and whose place, or the project itself,
    tells a value for it. Secrets are none of these.
    """
    env = ground.env_file
    if not env or not Places(project, ground).writable(env):
        return
    teller = _Teller(project, ground)
    for name, uses in _unset(project).items():
        told = teller.told(name, uses)
        if told is not None:
            words = f"variable '{name}': not set; {told.why}"
            action = SetVariable(env, name, told.value, f"{name}: {told.why}", fills=True)
            yield finding("variable-unset", words, action)


def _unset(project: Project) -> dict[str, list[Use]]:
    """Return the uses of variables that nothing sets, where one of them has no default."""
    found = {name: [use for use in uses if use.path] for name, uses in unset_uses(project).items()}
    return {
        name: uses
        for name, uses in found.items()
        if not names_a_secret(name)
        and meaning_of(name) not in ANY_TIME
        and any(use.reference.operator in {"", "?", ":?"} for use in uses)
        and not all(use.path[2:3] and use.path[2] in _SHELL for use in uses)
    }


class _Teller:
    """What the project and its places tell of the variables that it does not set."""

    def __init__(self, project: Project, ground: Ground) -> None:
        self.project = project
        self.ground = ground
        self.images = {one.name: one.image or "" for one in project.services}
        texts = (ground.host.read_text(f"{project.directory}/{one}", 200_000) for one in _READMES)
        self.readme = next((text for text in texts if text), "")
        self.ports = {port.published for one in project.services for port in one.ports}

    def told(self, name: str, uses: list[Use]) -> Told | None:
        """Return a value for `name`, None where only a person can know one."""
        own = self._own_words(name, uses)
        if own is not None:
            return own
        found = (self._placed(name, use) for use in uses if use.reference.operator in _NEEDY)
        return next((one for one in found if one is not None), None)

    def _own_words(self, name: str, uses: list[Use]) -> Told | None:
        for use in uses:
            text = use.reference.argument
            if use.reference.operator in {":-", "-"} and text and "$" not in text:
                return Told(text, "the default that stands elsewhere")
        found = re.search(
            rf"^\W{{0,8}}(?:export\s+){name}=(['\"]?)([\w./:@+-]+)\1\s*`{{0,3}}$",
            self.readme,
            re.MULTILINE,
        )
        if found is None:
            return None
        value = found[2]
        if form_of(value, secret=False) is not Form.REAL or names_nobody(value):
            return None
        return Told(value, "as the README says")

    def _placed(self, name: str, use: Use) -> Told | None:
        around = _around(self.project, use)
        if around is None or use.path[0] != "services" or len(use.path) < 3:
            return None
        service = self.project.service(str(use.path[1]))
        if service is None:
            return None
        before, after = around
        match use.path[2]:
            case "image":
                return _tag(service, before, after)
            case "restart":
                return Told("no", "as without a value")
            case "ports":
                return self._port(service, use, before, after)
            case "volumes":
                return self._source(service, name, use, before, after)
            case "environment" | "labels" | "hostname" | "extra_hosts" | "container_name":
                return self._text(service, name, use, before, after)
            case _:
                return None

    def _port(self, service: Service, use: Use, before: str, after: str) -> Told | None:
        """Return a free host port: that of the container if anybody may open it."""
        if use.path[-1] == "published":
            inner = next((str(p.target) for p in service.ports if not p.published), "")
        else:
            found = re.fullmatch(r":(\d+)(?:/\w+)?", after)
            inner = found[1] if found else ""
            if before and not before.endswith(":"):
                return None
        if not inner:
            return None
        port = int(inner) if int(inner) >= 1024 else _FIRST_FREE
        while str(port) in self.ports or self.ground.host.listeners(port):
            port += 1
        self.ports.add(str(port))
        return Told(str(port), f"a free port of this machine for '{service.name}'")

    def _source(
        self, service: Service, name: str, use: Use, before: str, after: str
    ) -> Told | None:
        """Return a directory of the project for what begins a bind source."""
        if before or use.reference.span.file.rpartition("/")[0] != self.project.directory:
            return None
        rest, colon, target = after.partition(":")
        if rest[:1] not in {"", "/"} or not (colon or rest) or "$" in rest:
            return None
        host, directory = self.ground.host, self.project.directory
        for place in (".", "..") if rest else ():
            if host.file(f"{directory}/{place}{rest}"):
                return Told(place, f"'{place}{rest}' is there")
        words = re.sub(
            r"_(?:dir(?:ectory)?|path|root|location|folder|home|base)$", "", spelled(name)
        )
        source = f"./{words.replace('_', '-')}"
        target = target.partition(":")[0]
        kind = kind_of_missing(host, f"{directory}/{source[2:]}{rest}", target, directory)
        if kind is not PathKind.DIRECTORY or host.file(f"{directory}/{source[2:]}"):
            return None
        return Told(source, f"a directory of the project for '{service.name}'")

    def _text(self, service: Service, name: str, use: Use, before: str, after: str) -> Told | None:
        """Return part of an address, or a word that stands for the project."""
        inside = bool(re.sub(r"^[\w.-]+=", "", before) or after)
        meaning = meaning_of(name)
        peer = peer_of(name, self.images) if meaning in {Meaning.HOST, Meaning.PORT} else ""
        if peer and peer != service.name:
            value = peer if meaning is Meaning.HOST else port_of(peer, self.images[peer])
            if value:
                what = "name" if meaning is Meaning.HOST else "port"
                return Told(value, f"the {what} of the service '{peer}'")
        if names_the_project(name) and (inside or use.path[2] == "container_name"):
            return Told(self.project.name, "the name of the project")
        own = is_own(meaning, name, self.project.name)
        if not own and not (inside and meaning is Meaning.ADDRESS):
            return None
        port = next((one.published for one in service.ports if one.published.isdigit()), "")
        value = plain_value(meaning, name, self.ground.machine, port)
        return Told(value, f"the {meaning.value} of this machine") if value else None


_NEEDY = {"", "?", ":?"}


def _around(project: Project, use: Use) -> tuple[str, str] | None:
    """Return what stands before and after a reference, up to the next space or quote."""
    span = use.reference.span
    lines = lines_of(project.sources.get(span.file, ""))
    if span.line != span.end_line or not 0 < span.line <= len(lines):
        return None
    line = lines[span.line - 1]
    before = _BEFORE.search(line[: span.column - 1])
    after = _AFTER.match(line[span.end_column - 1 :])
    return (before[0], after[0]) if before and after else None


def _tag(service: Service, before: str, after: str) -> Told | None:
    """Return the tag of an image whose whole tag is a variable."""
    if after or not before.endswith(":") or "$" in before:
        return None
    image = f"{before}latest"
    known = known_image(image)
    if known is None:
        return Told("latest", "a tag that most images have")
    if "latest" not in known.family.tags:
        return None  # such as Elasticsearch, which has no moving tags
    # Where a required variable is missing, mounts are still as they were written.
    targets = {part.rstrip("/") for mount in service.mounts for part in mount.target.split(":")}
    for data in known.family.data:
        if data.scope.before and data.path in targets:
            last = int(data.scope.before.partition(".")[0]) - 1
            return Told(str(last), f"the newest {parts_of(image).path} for '{data.path}'")
    return Told("latest", f"the newest {parts_of(image).path}")
