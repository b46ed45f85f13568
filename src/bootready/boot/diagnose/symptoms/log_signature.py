"""The last lines of a log -> the row of the signature table that knows them."""

import os
import re
from collections.abc import Iterator

from bootready.boot.diagnose.api import Evidence, Explanation, attribute, mount_at, nested, symptom
from bootready.boot.diagnose.signatures import Match, recognise
from bootready.boot.verify.listening import spoken
from bootready.host.local import LocalHost
from bootready.knowledge.places import belongs_to, is_engine_socket
from bootready.knowledge.words.lookup import LOCAL_ROW
from bootready.model.position import Location

_WATCHED = {"fs.inotify.max_user_watches": 524_288, "fs.inotify.max_user_instances": 1024}
"""The kernel's limits of watched files, and what is enough of each."""
_OF_THE_ENGINE = ("OCI runtime exec failed", "failed to create exec", "cannot exec in a ")


@symptom(summary="the log of the program has a known error", rank=40)
def log_signature(evidence: Evidence) -> Explanation | None:
    """See `knowledge/words` for the tables. A probe's output counts like a log."""
    container = evidence.container
    if container is None:
        return None
    if container.running and not container.health and not evidence.died:
        return None
    found = recognise(evidence.log, dead=evidence.died, words=evidence.words)
    source = "log"
    if found is None and evidence.probe is not None:
        words = _of_the_probe(evidence.probe.output.splitlines(), died=evidence.died)
        found = recognise(words, dead=True, without=("refused", "timeout"), words=evidence.words)
        source = "probe"
    if found is None:
        return None
    if found.elsewhere:
        for other, lines in evidence.neighbours.items():
            better = recognise(lines, dead=True, only=found.elsewhere)
            if better is not None and _subject(better) == _subject(found):
                found, source = better, f"log of '{other}'"
    ended = f"exited with {evidence.exit_code}" if evidence.died else "is unhealthy"
    if evidence.died and container.restarts > 1:
        ended = f"crashes repeatedly (exit {evidence.exit_code})"
    told = f", {found.origin}" if found.origin else ""
    return Explanation(
        headline=f"{ended}: {found.cause.split(':')[0]}",
        cause=found.cause,
        remedy=_remedy(evidence, found),
        location=_place(evidence, found),
        evidence=(f"{source} [{found.id}{told}]: {found.line}", *_offers(evidence, found)),
    )


def _of_the_probe(lines: list[str], *, died: bool) -> list[str]:
    """Return the lines that tell of the program: of a dead container, not those of the engine.

    A probe that starts while its container dies fails in the engine, in words such as "fork/exec
    /proc/self/fd/6: no such file or directory". These are a consequence.
    """
    return [line for line in lines if not (died and line.startswith(_OF_THE_ENGINE))]


def _offers(evidence: Evidence, found: Match) -> Iterator[str]:
    """Yield where the other services listen: the port that was asked may be a wrong one."""
    if found.kind == "refused":
        for name, sockets in evidence.offered.items():
            yield f"'{name}' listens on {spoken(sockets) or 'no port'}"


def _subject(match: Match) -> str:
    """Return the quoted name in the cause: two rows are about the same thing where it is equal."""
    found = re.search(r"'([^']+)'", match.cause)
    return found[1] if found else ""


def _remedy(evidence: Evidence, found: Match) -> str:
    """Return the remedy, as a command where it is known which path on the host is meant."""
    source, user = _source(evidence, found), evidence.container.user if evidence.container else ""
    waited = _waited_for(evidence)
    if found.kind == "refused" and found.id != LOCAL_ROW and waited:
        return (
            f"it waited until {waited} was healthy: let that healthcheck ask the port and address"
            " that this service uses, or correct those here"
        )
    if found.kind == "inotify":
        return _watched_files() or found.remedy
    if found.kind not in {"permission", "mode", "engine-socket"} or not source:
        return _with_variable(evidence, found)
    fact = LocalHost().file(source)
    if is_engine_socket(source) or (fact is not None and fact.kind == "socket"):
        group = f'`group_add: ["{fact.gid}"]`' if fact is not None else "`group_add`"
        return (
            f"give the service the group of the socket ({group}), or put a socket proxy before it"
        )
    if not belongs_to(evidence.project.directory, source):
        return (
            f"'{source}' is outside the project: mount a directory of the project or a named volume"
            " there, or run the service as a user who may use it (`user`, `group_add`)"
        )
    if re.fullmatch(r"\d+(:\d+)?", user):
        return f"sudo chown -R {user} '{source}' (or let the user read it: chmod)"
    who = f"the image's user '{user}'" if user else "the user of the program"
    return f"give '{source}' to {who}: chown -R, with the number that `id` shows in the image"


def _watched_files() -> str:
    """Return the remedy with the limits of this machine, '' where they are high or not known."""
    host = LocalHost()
    low = []
    for name, enough in _WATCHED.items():
        value = host.kernel_setting(name) or ""
        if value.isdigit() and int(value) < enough:
            low.append((name, value, enough))
    if not low:
        return ""
    raised = " ".join(f"{name}={enough}" for name, _, enough in low)
    now = ", ".join(f"`{name}` is {value}" for name, value, _ in low)
    return f"sudo sysctl -w {raised} (and in a file of /etc/sysctl.d); now {now}"


def _waited_for(evidence: Evidence) -> str:
    """Return the services that it waited for to be healthy, '' if it did not wait for all."""
    dependencies = evidence.service.depends_on if evidence.service else ()
    if any(one.condition != "service_healthy" for one in dependencies):
        return ""
    return " and ".join(f"'{one.service}'" for one in dependencies[:3])


def _with_variable(evidence: Evidence, found: Match) -> str:
    """Return the remedy, with where the variable that it is about comes from, or does not."""
    name, service = found.variable, evidence.service
    if not name or service is None or any(one.name == name for one in service.environment):
        return found.remedy
    known = evidence.project.variables.get(name)
    if known is not None and known.source.startswith("/"):
        return (
            f"'{name}' has a value in {os.path.basename(known.source)}:{known.line}, and"
            f" '{service.name}' does not get it: add `{name}: ${{{name}}}` to its `environment`"
        )
    return found.remedy


def _source(evidence: Evidence, found: Match) -> str:
    """Return the path on the host that is mounted where the line says, '' where none is."""
    service = evidence.service
    for grant in (*service.secrets, *service.configs) if service else ():
        if grant.target and grant.target in found.line:
            files = (*evidence.project.secrets, *evidence.project.configs)
            return next((one.file or "" for one in files if one.name == grant.source), "")
    mounts = [one for one in service.mounts if one.kind == "bind"] if service else []
    for mount in mounts:
        if mount.target != "/" and mount.target in found.line:
            return mount.source
    return ""


def _place(evidence: Evidence, found: Match) -> Location | None:
    """Return the mount or grant that the line names, else the attribute that is likely to blame."""
    service = evidence.service
    if service is None:
        return None
    for grant in (*service.secrets, *service.configs):
        if grant.target and grant.target in found.line:
            return grant.location
    for mount in service.mounts:
        if mount.target != "/" and mount.target in found.line:
            known = mount_at(service, mount.target)
            return known.location if known else None
    entry = next((one for one in service.environment if one.name == found.variable), None)
    if entry is not None:
        return entry.location
    for key in found.keys:
        place = nested(service, key)
        if place is not None:
            return place
    return attribute(service, "command")
