"""The remedies that several checks have in common.

The actions are imported where one is made: most projects have no finding that needs them.
"""

from __future__ import annotations

from bootready.model.finding import Remedy, Safety
from bootready.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from bootready.model.evidence import Host


def directory_created(path: str, shown: str) -> Remedy:
    """Return the remedy that creates the directory `path`, which the person knows as `shown`."""
    from bootready.model.action import CreateDirectory

    return Remedy(f"creates the directory {shown}", Safety.SAFE, (CreateDirectory(path),))


def file_created(host: Host, path: str, shown: str) -> Remedy | None:
    """Return the remedy that creates the file `path`: after the example beside it, or empty where
    its program fills it in; None where nobody knows what it has to hold.
    """
    from bootready.knowledge.examples import example_of
    from bootready.model.action import GenerateSecret, SecretKind, WriteFile

    name = path.rpartition("/")[2]
    found = example_of(host, path)
    if found is not None:
        example, text = found
        title = f"creates {shown} from its example {example.rpartition('/')[2]}"
        return Remedy(title, Safety.SAFE, (WriteFile(path, text, _mode(host, example)),))
    if name == "acme.json":  # Traefik refuses it unless only its owner can read it
        return Remedy(f"creates {shown}, empty", Safety.SAFE, (WriteFile(path, "", 0o600),))
    if name.endswith("htpasswd"):
        action = GenerateSecret(path, name, SecretKind.HTPASSWD)
        return Remedy(f"generates a user and a password in {shown}", Safety.SAFE, (action,))
    return None


def _mode(host: Host, example: str) -> int:
    fact = host.file(example)
    return 0o755 if fact is not None and fact.mode & 0o100 else 0o644


def certificate_issued(
    directory: str,
    names: tuple[str, ...],
    usages: tuple[str, ...] = ("server",),
    files: tuple[str, str, str] | None = None,
) -> Remedy:
    """Return the remedy that issues a certificate for `names` into `directory`; `files` are its
    authority, the certificate and the key, as mkcert calls them if None.
    """
    from bootready.knowledge.secrets.certificates import FILES
    from bootready.model.action import IssueCertificate

    title = f"issues a certificate for {', '.join(names)}"
    authority, certificate, key = files or FILES
    action = IssueCertificate(
        directory, names, usages=usages, authority=authority, certificate=certificate, key=key
    )
    return Remedy(title, Safety.SAFE, (action,))


def line_appended(title: str, path: str, line: str, safety: Safety = Safety.SAFE) -> Remedy:
    """Return the remedy that appends `line` to the tracked text file `path`, which may be new."""
    from bootready.model.action import AppendLines

    return Remedy(title, safety, (AppendLines(path, (line,)),))


def variable_set(title: str, path: str, name: str, line: str) -> Remedy:
    """Return the remedy that gives variable `name` its `line` in the env file `path`."""
    from bootready.model.action import SetVariable

    return Remedy(title, Safety.SAFE, (SetVariable(path, name, "", line=line),))
