"""One change to one thing: what remedies are made of and what `apply` carries out."""

from enum import Enum

from bootready.model.position import Location, Span
from bootready.typed import NamedTuple


class SecretKind(Enum):
    """What a generated secret looks like."""

    PASSWORD = "password"  # noqa: S105 - the name of a kind, not a secret
    HEX = "hex"
    BASE64 = "base64"
    URL_SAFE = "url-safe base64"
    UUID = "uuid"
    CHARACTERS = "characters"
    """Exactly `length` letters and digits."""
    FERNET = "fernet"
    COOKIE = "cookie"
    """A key of exactly `length` characters, as oauth2-proxy demands (16, 24 or 32)."""
    USERNAME = "username"
    TOKEN = "token"  # noqa: S105 - the name of a kind, not a secret
    JWT = "jwt"
    """A token signed (HS256) with another secret, such as Supabase's anon and service keys."""
    BCRYPT = "bcrypt"
    """The hash of a password whose clear text lies in a file of its own."""
    HTPASSWD = "htpasswd"
    """As `bcrypt`, with the user's name before it."""
    SHA256 = "sha256"
    """The hash of a token, 64 hex digits."""
    VAPID = "vapid"
    """The private half of a VAPID pair (RFC 8292): 32 bytes in url-safe base64."""
    VAPID_PUBLIC = "vapid public key"
    """The public half of a VAPID pair, made of the private one."""
    RSA = "rsa private key"
    """A private key of 2048 bits in PEM (PKCS #8)."""
    RSA_PKCS1 = "rsa private key, pkcs #1"
    """The same, as `BEGIN RSA PRIVATE KEY` writes it."""
    EC = "ec private key"
    """A private key on P-256, which ES256 signs with, in PEM (PKCS #8)."""
    EC_SEC1 = "ec private key, sec 1"
    """The same, as `BEGIN EC PRIVATE KEY` writes it."""
    ED25519 = "ed25519 private key"
    """A private key for EdDSA in PEM (PKCS #8)."""
    SSH = "ssh private key"
    """A private key as OpenSSH writes it: ed25519, or RSA where the name says so."""
    PUBLIC_KEY = "public key"
    """The public half of a private key, in the same notation."""
    PLACEHOLDER = "placeholder"
    """A recognisable stand-in for a credential that nobody can generate."""


HASHES = frozenset({SecretKind.BCRYPT, SecretKind.HTPASSWD, SecretKind.SHA256})
"""Kinds that are made of a clear text, which a person or a client has to know."""


SIGNING_KEYS = frozenset(
    {
        SecretKind.RSA,
        SecretKind.RSA_PKCS1,
        SecretKind.EC,
        SecretKind.EC_SEC1,
        SecretKind.ED25519,
    }
)
"""Private keys in PEM, of which a public key can be made."""


class Reader(NamedTuple):
    """A process that has to read a file; `uid` None when nobody knows as whom the image runs.

    `privileged` is container root with the capability to read any file.
    """

    service: str
    uid: int | None
    gids: tuple[int, ...] = ()
    privileged: bool = False


class CreateDirectory(NamedTuple):
    """Create `path` (absolute) with `mode` (octal bits) and owner, where it does not exist."""

    path: str
    mode: int = 0o755
    uid: int | None = None
    gid: int | None = None


class Fill(NamedTuple):
    """A secret that an override gives the variable `name` of a service. Its value is in no field
    of this.
    """

    service: str
    name: str
    kind: SecretKind = SecretKind.PASSWORD
    length: int = 32
    """Bytes of randomness; of `CHARACTERS` and `COOKIE` their count."""
    before: str = ""
    """What stands in front of it: ``base64:``, or a URL up to its password."""
    after: str = ""
    group: str = ""
    """Fills of one group share one secret, from which each makes its kind."""
    claims: tuple[tuple[str, str], ...] = ()
    """What a JWT says: names, and values as JSON."""


class Planted(NamedTuple):
    """A secret that takes the place of the text from `start` to `end` (offsets) in a new file. Its
    value is in no field of this.
    """

    start: int
    end: int
    name: str
    kind: SecretKind = SecretKind.PASSWORD
    length: int = 32
    """Bytes of randomness; of `CHARACTERS` their count."""
    before: str = ""
    """What stands in front of it: ``base64:``."""


class WriteFile(NamedTuple):
    """Write `text` to `path` (absolute), only where no file is there."""

    path: str
    text: str
    mode: int = 0o644
    """Octal bits."""
    planted: tuple[Planted, ...] | None = None
    """The secrets in it, in the order of the text; None for what is no copy of an example."""


class WriteOverride(NamedTuple):
    """Write an override of the Compose file to `path`, only where no file is there.

    It gives services variables: secrets (`fills`), and plain values (`texts`, each service, name
    and value).
    """

    path: str
    fills: tuple[Fill, ...] = ()
    texts: tuple[tuple[str, str, str], ...] = ()


class GenerateSecret(NamedTuple):
    """Create the secret file `path` (absolute) with a random value. The value is in no field of
    this.
    """

    path: str
    name: str
    kind: SecretKind = SecretKind.PASSWORD
    length: int = 32
    """Bytes of randomness."""
    mode: int | None = None
    """Octal bits; None: chosen when the file is made, from its readers."""
    uid: int | None = None
    gid: int | None = None
    readers: tuple[Reader, ...] = ()
    """Filled in by `plan` where a check leaves it empty."""
    source: str = ""
    """The path of the secret whose value it has, or that it is made of where it is `derived`."""
    derived: bool = False
    """Whether it is a JWT signed with `source`, or a hash of it."""
    claims: tuple[tuple[str, str], ...] = ()
    """What a JWT says, beside its times."""
    user: str = ""
    """The name in an htpasswd entry."""
    clear: str = ""
    """The path of the clear text of a hash."""
    newline: bool = False
    """Whether the consumer needs a newline at the end."""
    mounted: tuple[str, ...] = ()
    """Directories on the way to it that services mount: they may not be closed."""
    exclusive: bool = False
    """Whether its reader refuses a file that everybody may read, as PostgreSQL refuses a key."""


class GenerateVariable(NamedTuple):
    """Give NAME a random value in the env file `path`, where it has none or one that says of
    itself that it is none. The value is in no field of this.
    """

    path: str
    name: str
    kind: SecretKind = SecretKind.PASSWORD
    length: int = 32
    """Bytes of randomness; of `CHARACTERS` and `COOKIE` their count."""
    before: str = ""
    after: str = ""
    source: str = ""
    """The env file in which `source_name` has the secret that this is, or is made of."""
    source_name: str = ""
    source_span: Span | None = None
    """Where the secret stands literally, if `source` is a Compose file."""
    claims: tuple[tuple[str, str], ...] = ()
    """What a JWT says: names, and values as JSON."""
    replaces: int = 0
    """The line that sets it to a placeholder, which this takes the place of; 0 for none. What is
    set anywhere else is never replaced.
    """


class SetPermissions(NamedTuple):
    """Give an existing file the owner and mode that its reader needs."""

    path: str
    mode: int
    uid: int | None = None
    gid: int | None = None


class IssueCertificate(NamedTuple):
    """Issue a leaf certificate for `names` into `directory` (rootCA.pem, cert.pem, key.pem).

    `usages` are those of ``server`` and ``client`` that it is for.
    """

    directory: str
    names: tuple[str, ...]
    uid: int | None = None
    gid: int | None = None
    authority: str = "rootCA.pem"
    certificate: str = "cert.pem"
    key: str = "key.pem"
    readers: tuple[Reader, ...] = ()
    """Who reads the key; filled in by `plan` where a check leaves it empty."""
    mounted: tuple[str, ...] = ()
    """As of a secret."""
    usages: tuple[str, ...] = ("server",)
    subject: str = ""
    """Its distinguished name (RFC 4514); '' for one of the first of `names`."""
    siblings: tuple[str, ...] = ()
    """The names of the project's other certificates, which the same authority has to sign; filled
    in by `plan`.
    """


class SetVariable(NamedTuple):
    """Append NAME=value to the env file `path` where NAME is not set in it. Never for secrets."""

    path: str
    name: str
    value: str
    comment: str = ""
    line: str = ""
    """The whole line (or lines), where it has to stay as it is written elsewhere."""
    fills: bool = False
    """Whether also where it is set to nothing."""
    replaces: int = 0
    """The line that sets it to a placeholder, which this takes the place of; 0 for none."""


class Edit(NamedTuple):
    """Replace the text at `span` by `text`."""

    span: Span
    text: str


class EditFile(NamedTuple):
    """Edit a tracked file by spans; everything else stays byte for byte."""

    path: str
    edits: tuple[Edit, ...]


class AppendLines(NamedTuple):
    """Append those of `lines` that the tracked text file `path` does not have; it may be new."""

    path: str
    lines: tuple[str, ...]


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


class LabelNode(NamedTuple):
    """Give a node of a swarm a label, so that a constraint finds it."""

    node: str
    label: str
    value: str


class CreateObject(NamedTuple):
    """Create a secret or config of a swarm by standard input. Its content is in no field of this.

    `kind` is ``secret`` or ``config``; `key` is its name in the Compose file.
    """

    kind: str
    name: str
    key: str


class SendImage(NamedTuple):
    """Load an image of this machine into the engine of a node.

    `way` is the docker context of that engine, or its address such as ``ssh://host``.
    """

    image: str
    node: str
    way: str


Action = (
    CreateDirectory
    | WriteFile
    | WriteOverride
    | GenerateSecret
    | GenerateVariable
    | SetPermissions
    | IssueCertificate
    | SetVariable
    | EditFile
    | AppendLines
    | CreateNetwork
    | CreateVolume
    | PullImage
    | LabelNode
    | CreateObject
    | SendImage
)


class Step(NamedTuple):
    """One action of a plan and why it is there; `after` names step ids that must be done before."""

    id: int
    action: Action
    cause: str
    """The check id."""
    reason: str = ""
    after: tuple[int, ...] = ()
    place: Location | None = None
    """Where the cause is written, if it is written anywhere."""


class Plan(NamedTuple):
    """The steps, in the order in which they are carried out."""

    steps: tuple[Step, ...]
