"""A project -> the configuration files that its services read from it, and placeholders in them."""

from __future__ import annotations

from collections.abc import Iterator

from bootready.check.placeholders import LOGIN
from bootready.knowledge.examples import configures, original_of
from bootready.knowledge.secrets.names import names_a_secret
from bootready.knowledge.values.placeholder import Form, form_of
from bootready.knowledge.values.settings import Written, settings_of
from bootready.model.position import Location
from bootready.model.project import Project
from bootready.regex import regex
from bootready.typed import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from bootready.model.evidence import Host

SIZE = 100_000
"""Bytes; what is larger is data."""
BUDGET = 10_000_000
"""Bytes of all of them: a hundred of the largest. What comes after them is not looked at."""
_MOST = 2000
"""Entries of a directory that are looked at; one with more holds data."""

_FEW = 20
"""Entries of a directory of which each is there to be read by one program."""
_OF_CONFIGURATION = regex(r"^/etc/|/(?:config|conf|cfg|configuration|settings)$")


class Configuration(NamedTuple):
    """A file of the project that a service reads, and where the Compose file says so."""

    path: str
    place: Location
    service: str


def configuration_files(project: Project, host: Host) -> Iterator[Configuration]:
    """Yield the files of configuration that services mount, each once.

    In a mounted directory it is those that have an example beside them, and all where programs
    keep their configuration. Env files are not among them, whose values containers get as
    variables.
    """
    seen = {*project.env_files, *(path for path in project.sources)}
    for service in project.services:
        seen |= {entry.env_file for entry in service.environment if entry.env_file}
    left = BUDGET
    for one in _mounted(project, host):
        if one.path in seen:
            continue
        seen.add(one.path)
        fact = host.file(one.path)
        if fact is None or fact.size > SIZE:
            continue
        left -= fact.size
        if left < 0:
            return
        yield one


def _mounted(project: Project, host: Host) -> Iterator[Configuration]:
    root = f"{project.directory.rstrip('/')}/"
    configs = {one.name: one.file for one in project.configs if one.file}
    for service in project.services:
        for grant in service.configs:
            path = configs.get(grant.source) or ""
            if path.startswith(root):
                yield Configuration(path, grant.location, service.name)
        for mount in service.mounts:
            if mount.kind != "bind" or not f"{mount.source}/".startswith(root):
                continue
            for path in _files(host, mount.source, mount.target):
                yield Configuration(path, mount.location, service.name)


def _files(host: Host, source: str, target: str) -> Iterator[str]:
    fact = host.file(source)
    if fact is None:
        return
    if fact.kind != "directory":
        if configures(source.rpartition("/")[2]):
            yield source
        return
    names = host.entries(source)
    wanted = {original_of(name) for name in names} if len(names) <= _MOST else set()
    if len(names) <= _FEW and _OF_CONFIGURATION.search(target.rstrip("/")):
        wanted |= {name for name in names if configures(name) and not original_of(name)}
    yield from (f"{source}/{name}" for name in sorted(wanted & set(names)))


def placeholders_in(text: str) -> Iterator[Written]:
    """Yield the settings of a configuration file that say of themselves that they are none.

    Of a URL with a password it is the password.
    """
    for one in settings_of(text):
        secret = names_a_secret(one.name)
        if form_of(one.value, secret=secret) is Form.PLACEHOLDER:
            if secret or not one.value.startswith(("<", "{", "[", ".", "*", "-", "_", "?")):
                yield one
            continue
        login = LOGIN.search(one.value) if "://" in one.value else None
        if login and form_of(login["password"], secret=True) is Form.PLACEHOLDER:
            start, end = (one.start + place for place in login.span("password"))
            yield Written(one.name, login["password"], one.line, start, end, in_url=True)
