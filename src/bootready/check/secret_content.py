"""A secret without its file -> the action that creates it, None where its content cannot be told.

Only a password, a key or a token is drawn at random. A number is a number, `UID` is a user id, a
public key belongs to a private one, and a configuration file or a certificate is not invented.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from operator import eq

from bootready.knowledge.examples import example_of
from bootready.knowledge.values.meaning import Meaning, meaning_of, spelled
from bootready.model.action import Action, GenerateSecret, SecretKind, WriteFile
from bootready.model.project import FileObject
from bootready.regex import regex
from bootready.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from bootready.model.evidence import Host

_CONFIGURATION = regex(
    r"\.(?:conf|cfg|cnf|ini|ya?ml|json|toml|xml|properties|env|acl|sql|p12|pfx|jks|keystore|kdbx|gpg"
    r"|csr|crl|lic|license|hcl|rules)$|^\.env|\.env\.|^service_tokens$",
    re.IGNORECASE,
    needs=(
        *(".c", ".ini", ".y", ".json", ".toml", ".xml", ".properties", ".env", ".acl", ".sql"),
        *(".p12", ".pfx", ".jks", ".keystore", ".kdbx", ".gpg", ".lic", ".hcl", ".rules"),
        "service_tokens",  # of Elasticsearch: names of accounts, and hashes of their tokens
    ),
)
_CERTIFICATE = regex(
    r"\.(?:crt|cert|cer)$|(?:^|[-_.])(?:ca|cert|chain|fullchain|dhparams?)[-_.]?\d*\.pem$",
    needs=(".crt", ".cer", ".pem"),
)
_DH = regex(r"dh-?params?|dhparam", re.IGNORECASE, needs=("dhparam", "dh-param"))
_PUBLIC = regex(r"(?:^|_)(?:public|pub)(?:_|$)", needs=("pub",))
_PRIVATE = regex(
    r"(?:^|_)(?:private_key|privkey|priv_key|signing_key_pem|private_pem)(?:_|$)",
    needs=("priv", "signing_key_pem"),
)
_SSH = regex(
    r"(?:^|_)(?:id_(?:rsa|dsa|ecdsa|ed25519)|ssh_host_\w+_key|ssh_key|deploy_key)(?:_|$)",
    needs=("id_", "ssh_", "deploy_key"),
)
_PLAIN = {
    Meaning.USER_ID,
    Meaning.GROUP_ID,
    Meaning.DOCKER_GROUP,
    Meaning.TIME_ZONE,
    Meaning.ADDRESS,
    Meaning.EMAIL,
    Meaning.URL,
    Meaning.HOST,
    Meaning.NUMBER,
    Meaning.SWITCH,
    Meaning.DATABASE,
}


def certificate_folders(secrets: Mapping[str, FileObject]) -> frozenset[str]:
    """Return the directories in which a secret is a certificate."""
    parts = [(one.file or "").rpartition("/") for one in secrets.values()]
    return frozenset(folder for folder, _, name in parts if name and _CERTIFICATE.search(name))


def created(
    item: FileObject,
    kind: SecretKind,
    secrets: Mapping[str, FileObject],
    folders: frozenset[str],
    host: Host,
) -> Action | None:
    """Return what creates the file of `item`; `kind` is what its hints, name and uses tell.

    `folders` are those of `certificate_folders`: a key beside a certificate belongs to it.
    """
    path = item.file or ""
    if item.hints.get("kind") or item.hints.get("from") or item.hints.get("same_as"):
        return GenerateSecret(path, item.name, kind)
    name = path.rpartition("/")[2]
    found = example_of(host, path)
    if found is not None and _CONFIGURATION.search(name):
        return WriteFile(path, found[1], 0o644)
    if _CONFIGURATION.search(name) or _CERTIFICATE.search(name) or _DH.search(name):
        return None
    if name.endswith((".key", ".pem")) and path.rpartition("/")[0] in folders:
        return None  # it belongs to a certificate, which is not invented either
    pair = _of_a_pair(item, name, secrets)
    if pair is not None:
        return pair if pair.kind is not SecretKind.PLACEHOLDER else None
    if kind is not SecretKind.PASSWORD:
        return GenerateSecret(path, item.name, kind)
    meanings = [meaning_of(one) for one in (item.name, _stem(path))]
    if not any(one in {Meaning.SECRET, Meaning.ISSUED} for one in meanings):
        return _plain(item, meanings, host)
    return GenerateSecret(path, item.name, kind)


def _plain(item: FileObject, meanings: list[Meaning], host: Host) -> Action | None:
    path = item.file or ""
    meaning = next((one for one in meanings if one is not Meaning.OTHER), Meaning.OTHER)
    if meaning in {Meaning.PORT, Meaning.CERTIFICATE, Meaning.PUBLIC_KEY}:
        return None
    if any(re.search(r"(?:^|_)client_id$", spelled(one)) for one in (item.name, _stem(path))):
        return GenerateSecret(path, item.name, SecretKind.PLACEHOLDER)
    if meaning in _PLAIN:
        uid, gid = host.user()
        from bootready.knowledge.values.plain import Machine, plain_value

        return WriteFile(path, plain_value(meaning, item.name, Machine(uid, gid)), 0o644)
    return GenerateSecret(path, item.name)


def _of_a_pair(
    item: FileObject, name: str, secrets: Mapping[str, FileObject]
) -> GenerateSecret | None:
    """Return what creates one half of a key pair; a placeholder for a half without its other."""
    path = item.file or ""
    words = spelled(f"{item.name}_{name}")
    if "vapid" in words:
        kind = SecretKind.VAPID_PUBLIC if _PUBLIC.search(words) else SecretKind.VAPID
    elif _PUBLIC.search(words) or name.endswith(".pub"):
        kind = SecretKind.PUBLIC_KEY
    elif _SSH.search(words):
        return GenerateSecret(path, item.name, SecretKind.SSH)
    elif _PRIVATE.search(words) and (
        _other_half(item, secrets, public=True) or _signs_alone(item.name, _stem(path))
    ):
        return GenerateSecret(path, item.name, SecretKind.RSA)
    else:
        return None
    if kind is SecretKind.VAPID:
        return GenerateSecret(path, item.name, kind)
    other = _other_half(item, secrets, public=False)
    if other is None or not other.file:
        return GenerateSecret(path, item.name, SecretKind.PLACEHOLDER)
    return GenerateSecret(path, item.name, kind, source=other.file, derived=True)


def _signs_alone(*names: str) -> bool:
    from bootready.knowledge.values.halves import signs_alone

    return any(map(signs_alone, names))


def _other_half(
    item: FileObject, secrets: Mapping[str, FileObject], *, public: bool
) -> FileObject | None:
    mine = _without_side(item.name), _without_side(item.file or "")
    for other in secrets.values():
        sides = _without_side(other.name), _without_side(other.file or "")
        if other.name != item.name and other.file and any(map(eq, mine, sides)):
            is_public = _PUBLIC.search(spelled(f"{other.name}_{other.file.rpartition('/')[2]}"))
            if bool(is_public) is public:
                return other
    return None


def _stem(path: str) -> str:
    return path.rpartition("/")[2].partition(".")[0]


def _without_side(name: str) -> str:
    words = re.sub(r"(?:^|_)(?:public|private|pub|priv|key|pem)(?=_|$)", "", spelled(name))
    return words.strip("_")
