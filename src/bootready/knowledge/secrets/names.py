"""A name of a variable, key or option -> whether its value is a secret. The one judge of that.

A name is read as words (``dbPassword``, ``db-password`` and ``DB_PASSWORD`` are the same two). The
last word that speaks of a secret decides, unless what follows says that the value is only about the
secret: its length, its place, its name.
"""

from __future__ import annotations

from functools import lru_cache

from bootready.knowledge.word_sets import words_in
from bootready.regex import holds_one
from bootready.typed import Iterable, Sequence

_STRONG = words_in(
    """
    password passwd passwort passphrase passcode pass pwd pw pswd psw kennwort senha contrasena
    motdepasse secret secrets token tokens apikey apikeys apitoken credential credentials creds
    webhook webhooks mnemonic htpasswd connectionstring connectionstrings kubeconfig jwk jwks
    privatekey secretkey accesskey masterkey encryptionkey signingkey authkey accountkey
    sharedkey licensekey licencekey sshkey appkey userpass basicauth requirepass masterauth
    fernet 비밀번호 암호
    """
)
"""Words that mean a secret wherever they stand in a name."""

_LAST = words_in(
    """
    key keys auth dsn cookie cookies salt salts pepper jwt bearer sk pat hmac otp seed
    """
)
"""Words that mean one only as the last word of a name."""

_KEYS = words_in(
    """
    api app secret private access master encryption encrypt signing sign auth account shared
    license licence ssh service session jwt hmac deploy storage rsa aes fernet cipher data root
    client
    """
)
"""Words before ``key`` that make a secret of it whatever follows (``API_KEY_STRIPE``)."""

_ENDINGS = (
    "password",
    "passwd",
    "passphrase",
    "passcode",
    "passwort",
    "secret",
    "token",
    "apikey",
    "accesskey",
    "secretkey",
    "privatekey",
    "accountkey",
    "webhook",
    "passwords",
    "secrets",
    "tokens",
    "pwd",
    "pass",
    "pw",
)
"""What words end in that are written together: ``PGPASSWORD``, ``DBPASS``, ``AUTHTOKEN``."""


def _shortest(words: Iterable[str]) -> tuple[str, ...]:
    """Return those of `words` that have none of the others in them."""
    found: list[str] = []
    for word in sorted(words, key=len):
        if not any(part in word for part in found):
            found.append(word)
    return tuple(found)


_PARTS = _shortest({*_STRONG, *_LAST, *_ENDINGS, "connection"})
"""Every name that means a secret has one of these in it; `connection string` is two words."""

_NO_PASS = words_in(
    """
    bypass compass encompass trespass underpass overpass surpass multipass oldpwd
    """
)

_ABOUT = words_in(
    """
    file files path paths dir directory folder location host hostname port ports url urls uri
    uris endpoint endpoints domain server address name names id ids user username users email
    mail login owner group uid gid length len size min max minimum maximum limit limits count
    ttl timeout expiry expires expire expiration lifetime duration age interval days hours
    minutes seconds secs ms rounds cost iterations memory policy policies rule rules strength
    complexity regex pattern charset characters algorithm alg algo type types format encoding
    version mode method methods scheme strategy enabled enable disabled disable required
    optional allowed retries attempts tries column columns field fields header headers param
    parameter prefix suffix separator delimiter provider providers backend store storage driver
    image tag realm scope scopes audience issuer subject claim claims leeway domain secure
    samesite httponly reset rotation rotate refresh renew cache label title description message
    hint placeholder prompt through rate threshold manager helper spec budget window usage bits
    curve index space board proxy class template templates attribute filename changed
    reauthentication
    """
)
"""Words after one that means a secret which say that the value is about it."""

_BEFORE = words_in(
    """
    enable enabled disable disabled require requires required use uses allow allows has is with
    without skip min max num number count limit show hide
    """
)
"""Words in front of it which say that the value is a switch or a measure."""

_OPEN_KEYS = words_in(
    """
    primary foreign sort partition partitioning cache routing row unique index shard
    object dict map group label translation i18n idempotency lookup shortcut arrow hot short
    authorized registry message natural composite candidate distribution
    """
)
"""Words in front of ``key`` that make it an ordinary one, if the one before says no more."""

_PUBLISHED = words_in("public pub publishable site")
"""Words in front of ``key`` that make it one for everybody to see."""

_HIDDEN = words_in(
    """
    secret private encryption encrypt signing sign master admin access session jwt hmac cipher
    rsa aes fernet deploy storage root data
    """
)
"""Words between these and ``key`` that make it one for nobody to see, all the same."""

_STAYS = frozenset({"webhook", "webhooks", "connectionstring", "connectionstrings"})
"""Secrets that are URLs themselves: ``SLACK_WEBHOOK_URL``."""

_CHOSEN = words_in(
    """
    password passwd passwort passphrase passcode pass pwd pw secret token key salt pepper cookie
    """
)
"""What a person who installs the project may choose, if no other service issues it."""

_LONGEST = 200
"""Characters; nobody names a variable with more, and what is longer is judged by its end."""


def names_a_secret(name: str) -> bool:
    """Tell whether the value of a variable, key or option called `name` is a secret."""
    return may_name_a_secret(name) and noun_of(name) != ""


def may_name_a_secret(text: str) -> bool:
    """Tell whether a name in `text` may mean a secret; most texts cost no more than this."""
    return holds_one(text.lower(), _PARTS)


def path_of_a_secret(path: Sequence[str | int]) -> bool:
    """Tell whether the value at `path` of a model is a secret, or was meant to be one.

    An item of a list is what its list is called; of a secret only what says where it is, is none.
    """
    if path[:1] == ("secrets",) and len(path) > 1:
        attribute = str(path[2]) if len(path) > 2 else ""
        if attribute not in _OF_A_SECRET and not attribute.startswith("x-"):
            return True
    name = next((step for step in reversed(path) if isinstance(step, str)), "")
    return names_a_secret(name) and name != "secrets"


_OF_A_SECRET = words_in("file environment external name labels driver driver_opts template_driver")


def is_env_file(file: str) -> bool:
    """Tell whether every value of `file` may be a secret: nobody can know which of them is one.

    Not of an example, which its project publishes: there names and forms tell the secrets.
    """
    name = file.rpartition("/")[2]
    if not (".env" in name or name.endswith("env")):
        return False
    return _EXAMPLES.isdisjoint(name.lower().replace("-", ".").replace("_", ".").split("."))


_EXAMPLES = words_in("example examples sample samples template tmpl dist")


def ours_to_choose(name: str) -> bool:
    """Tell whether `name` holds a secret that whoever installs the project chooses.

    What another service issues, such as a webhook, is a secret and not ours to choose.
    """
    noun = noun_of(name)
    return noun in _CHOSEN or noun.endswith(_ENDINGS[:7])


@lru_cache(maxsize=4096)
def noun_of(name: str) -> str:
    """Return the word that makes the value of `name` a secret, '' for a name that means none."""
    if name in {"PWD", "OLDPWD", "secrets"}:
        return ""
    words = _words(name[-_LONGEST:])
    for place in range(len(words) - 1, -1, -1):
        noun = _noun_at(words, place)
        if noun:
            return "" if _is_about(words, place, noun) else noun
    return ""


def _noun_at(words: list[str], place: int) -> str:
    word = words[place]
    before = words[place - 1] if place else ""
    if word in {"string", "strings"} and before == "connection":
        return "connectionstring"
    if word in {"word", "phrase", "code"} and before == "pass":
        return f"pass{word}"
    if word in _STRONG:
        return word
    if word in {"key", "keys"} and before in _KEYS:
        return "key"
    if word in _LAST:
        rest = words[place + 1 :]
        return word.removesuffix("s") if all(_is_ordinal(one) for one in rest) else ""
    if word not in _NO_PASS and word.endswith(_ENDINGS):
        return word
    return ""


def _is_about(words: list[str], place: int, noun: str) -> bool:
    """Tell whether the other words say that the value is no secret but about one."""
    after = words[place + 1 :]
    if noun in _STAYS:
        after = [word for word in after if word not in {"url", "urls", "uri"}]
    if any(word in _ABOUT or word.endswith(("file", "path", "dir")) for word in after):
        return not _issued_as_id(words[: place + 1], after)
    if any(word in _BEFORE for word in words[:place]):
        return True
    before = words[:place]
    if noun == "key" and _is_published(before):
        return True
    if noun == "key" and not _OPEN_KEYS.isdisjoint(before) and before[-1] not in _KEYS:
        return True
    if noun == "auth" and place == 0:
        return True
    return noun in {"token", "tokens", "secret"} and "public" in words[:place]


def _is_published(before: list[str]) -> bool:
    """Tell whether a key after these words is for everybody: ``STRIPE_PUBLISHABLE_KEY``.

    A site has keys of its own, so that ``SITE_KEY`` is one for everybody and ``SITE_API_KEY`` not.
    """
    place = max((n for n, word in enumerate(before) if word in _PUBLISHED), default=-1)
    if place < 0 or not _HIDDEN.isdisjoint(before[place + 1 :]):
        return False
    return before[place] != "site" or place == len(before) - 1


def _issued_as_id(words: list[str], after: list[str]) -> bool:
    """Tell whether this is the ``secret_id`` of an AppRole of Vault, which is a password."""
    return words[-1] == "secret" and after == ["id"] and len(words) > 1


def _is_ordinal(word: str) -> bool:
    return word.isdigit() or word in {"old", "new", "previous", "current", "prod", "dev", "test"}


def _words(name: str) -> list[str]:
    """Return the words of a name, lower case: split at signs and where a small letter ends."""
    bare = name.replace("_", "")
    if bare.isascii() and bare.isalpha() and (bare.isupper() or bare.islower()):
        return name.lower().replace("_", " ").split()
    found: list[str] = []
    word = ""
    last = ""
    for char in name:
        if not char.isalnum():
            if word:
                found.append(word)
            word = ""
        elif (word and char.isupper() and last.islower()) or (
            word and char.isdigit() != last.isdigit() and not char.isalpha()
        ):
            found.append(word)
            word = char
        else:
            word += char
        last = char
    if word:
        found.append(word)
    return [one.lower() for one in found]
