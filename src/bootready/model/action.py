"""One change to one thing: what remedies are made of and what `apply` carries out."""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple

from bootready.model.position import Span


class SecretKind(Enum):
    """What a generated secret looks like."""

    PASSWORD = "password"  # noqa: S105 - the name of a kind, not a secret
    HEX = "hex"
    BASE64 = "base64"
    FERNET = "fernet"
    PLACEHOLDER = "placeholder"
    """A recognisable stand-in for a credential that nobody can generate."""


class CreateDirectory(NamedTuple):
    """Create `path` (absolute) with `mode` (octal bits) and owner, where it does not exist."""

    path: str
    mode: int = 0o755
    uid: int | None = None
    gid: int | None = None


class WriteFile(NamedTuple):
    """Write `text` to `path` (absolute), only where no file is there."""

    path: str
    text: str
    mode: int = 0o644


class GenerateSecret(NamedTuple):
    """Create the secret file `path` (absolute) with a random value. The value is in no field of
    this.
    """

    path: str
    name: str
    kind: SecretKind = SecretKind.PASSWORD
    length: int = 32
    """Bytes of randomness."""
    mode: int = 0o600
    uid: int | None = None
    gid: int | None = None


class SetPermissions(NamedTuple):
    """Give an existing file the owner and mode that its reader needs."""

    path: str
    mode: int
    uid: int | None = None
    gid: int | None = None


class IssueCertificate(NamedTuple):
    """Issue a leaf certificate for `names` into `directory` (rootCA.pem, cert.pem, key.pem)."""

    directory: str
    names: tuple[str, ...]
    uid: int | None = None
    gid: int | None = None


class SetVariable(NamedTuple):
    """Append NAME=value to the env file `path` where NAME is not set in it. Never for secrets."""

    path: str
    name: str
    value: str
    comment: str = ""


class Edit(NamedTuple):
    """Replace the text at `span` by `text`."""

    span: Span
    text: str


class EditFile(NamedTuple):
    """Edit a tracked file by spans; everything else stays byte for byte."""

    path: str
    edits: tuple[Edit, ...]


class CreateNetwork(NamedTuple):
    """Create the external network `name` with the engine."""

    name: str
    driver: str = "bridge"


class CreateVolume(NamedTuple):
    """Create the external volume `name` with the engine."""

    name: str


class PullImage(NamedTuple):
    """Pull an image that is not on this machine."""

    image: str


Action = (
    CreateDirectory
    | WriteFile
    | GenerateSecret
    | SetPermissions
    | IssueCertificate
    | SetVariable
    | EditFile
    | CreateNetwork
    | CreateVolume
    | PullImage
)


class Step(NamedTuple):
    """One action of a plan and why it is there; `after` names step ids that must be done before."""

    id: int
    action: Action
    cause: str
    """The check id."""
    reason: str = ""
    after: tuple[int, ...] = ()


class Plan(NamedTuple):
    """The steps, in the order in which they are carried out."""

    steps: tuple[Step, ...]
