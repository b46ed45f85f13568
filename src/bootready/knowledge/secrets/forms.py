"""A text -> the same text, with what looks like a secret masked: by its form, or by what names it.

Every pattern is linear: its quantifiers are bounded or possessive, and it starts at a boundary.
"""

from __future__ import annotations

from bootready.knowledge.secrets.commands import masked_line, masked_list
from bootready.knowledge.secrets.names import may_name_a_secret, names_a_secret
from bootready.regex import holds_one, regex
from bootready.typed import TYPE_CHECKING, Callable, Sequence

if TYPE_CHECKING:
    import re

MASK = "****"

EndOf = Callable[[str, "re.Match[str]"], tuple[int, int]]

ORDINARY = frozenset(
    [
        "true",
        "false",
        "yes",
        "no",
        "on",
        "off",
        "none",
        "null",
        "nil",
        "auto",
        "required",
        "optional",
        "enabled",
        "disabled",
        "default",
        "empty",
        "unset",
        "{}",
        "[]",
        "~",
    ]
)
"""Values of settings with a telling name (``ENABLE_AUTH=true``) that are no secrets."""

TOKENS = (
    ("eyJ", r"eyJ[\w-]{8,}+\.[\w-]{8,}+(?:\.[\w-]*+)?"),
    ("xox", r"xox[abprse]-[\w-]{10,}+"),
    ("sk-", r"sk-[\w-]{20,}+"),
    ("glpat-", r"glpat-[\w-]{16,}+"),
    ("github_pat_", r"github_pat_\w{20,}+"),
    ("ghp_|gho_|ghu_|ghs_|ghr_", r"gh[pousr]_\w{20,}+"),
    ("npm_", r"npm_\w{30,}+"),
    ("AKIA", r"AKIA[0-9A-Z]{16}"),
    ("ASIA", r"ASIA[0-9A-Z]{16}"),
    ("k_live_|k_test_", r"[srp]k_(?:live|test)_\w{8,}+"),
    ("AIza", r"AIza[\w-]{30,}+"),
    ("hvs.", r"hvs\.[\w-]{20,}+"),
    ("dckr_pat_", r"dckr_pat_[\w-]{20,}+"),
    ("pypi-", r"pypi-[\w-]{30,}+"),
    ("whsec_", r"whsec_\w{16,}+"),
    ("shp", r"shp(?:at|ss)_\w{20,}+"),
    ("SG.", r"SG\.[\w-]{16,}+\.[\w-]{16,}+"),
    ("bot", r"bot\d{6,20}:[\w-]{30,}+"),
)  # fmt: skip
"""Secrets that begin a word, each with the parts (between `|`) of which every such text has one."""
OTHERS = (
    ("PRIVATE KEY-----",
     r"-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----.*?(?:-----END [A-Z ]{0,40}PRIVATE KEY-----|\Z)"),
    ("hooks.slack.com/", r"(?<=hooks\.slack\.com/)[\w/-]{8,}+"),
    ("/api/webhooks/", r"(?<=/api/webhooks/)[\w/-]{8,}+"),
    ("$2a$|$2b$|$2x$|$2y$|$apr1$|$1$|$5$|$6$|$7$|$y$|$argon2|$scrypt$",
     r"\$\$?(?:2[abxy]|apr1|[1567y]|argon2\w{0,2}|scrypt)\$[\w./$,=+-]{8,}+"),
    ("Bearer ", r"(?<=Bearer )[\w.~+/=-]{8,}+"),
    ("Basic ", r"(?<=Basic )(?=[a-z]{0,64}[A-Z0-9+/=])[\w+/=]{8,}+"),
    ("sig=", r"(?<=[?&]sig=)[\w%+/=-]{8,}+"),
)  # fmt: skip
"""Secrets that are known by what stands around them, likewise."""
_SHAPES = regex(
    "(?s)"
    + "|".join(
        (
            rf"(?<![\w-])(?:{'|'.join(shape for _, shape in TOKENS)})",
            *(shape for _, shape in OTHERS),
        )
    )
)
_SIGNS = tuple(sign for signs, _ in (*TOKENS, *OTHERS) for sign in signs.split("|"))
_URL = regex(r"(?<!\w)(?P<scheme>\w{1,32}+)://[^\s:/@\"']{0,256}+:")
_REST = regex(r"[^\s\"']{0,512}+")
_PORT = regex(r"\d{1,5}(?![^/?#,])")
_USER = regex(r"(?<![^\s/\"'=,\[])([\w.+-]{1,128}+:)([^\s:/@\"',;]{1,256}+)(?=@(?!sha\d))")
_NAMED = regex(
    r"(?<![\w.$-])(?P<name>[\w.-]{1,}+)\\?(?P<quote>[\"']?)"
    r"(?P<sign>[ \t]{0,64}+(?:is[ \t]{0,4}+)?[=:][ \t]{0,64}+)\\?"
)
_OPTION = regex(r"(?<![\w-])(?P<name>--?\w[\w.-]{0,}+)[\"']?[ =,\t]{1,64}+")
_SAID = regex(
    r"((?<![\w.-])(?i:token|password|passwd|passphrase|secret|api[ _-]key)[ \t]{1,8}+)"
    r"(?=[a-z]{0,64}[A-Z0-9])(?=[^\s\d]{0,64}\d)([^\s\"',;:)=]{6,}+)"
)
_SAID_WORDS = ("token", "pass", "secret", "api")
_REFERENCE = regex(
    r"\$\$?\{?\w+\}?|\$\$?\{\w+:?\?[^}]*+\}|\{\{[^}]*+\}\}|<[\w -]*+>|%\(\w+\)s|\$\(.*"
)
_HOST = regex(
    r"((?:^|[\"' ,\[{-])[\w.-]{1,256}+[\"']?[ ]{0,8}+[:=][ ]{0,8}+)([^\s\"',\]}]{1,256}+)"
)
_ADDRESS = regex(r"[\[\]\d.:a-fA-F]+|[a-z0-9.-]+|\$\{?\w+\}?")
_DEFAULT = regex(r"(\$\{(?P<name>\w+):?[-+])(?P<value>[^}]++)")
_PROSE = regex(r"[a-z] '$")
"""What stands before a quoted name in a sentence: ``secret 'token': its file does not exist``."""
_DEFINITION = regex(
    r"\{[ \t]{0,8}+(?:file[ \t]{0,8}+:[ \t]{0,8}+[\"']?(?:\.{0,2}/|~/)"
    r"|environment[ \t]{0,8}+:[ \t]{0,8}+[\"']?[A-Z][A-Z0-9_]*+[\"']?[ \t]*+[,}]"
    r"|external[ \t]{0,8}+:[ \t]{0,8}+(?:true|false)\b)"
)
_PLACE = regex(r"(?:/(?:var/)?run/secrets/|\.{1,2}/|~/|/[\w.-]+/)[\w./-]*")


def masked(text: str) -> str:
    """Return `text`, a line of a log, a command or a message, with its secrets masked."""
    if _may_have_shape(text):
        text = _SHAPES.sub(MASK, text)
    return masked_line(_by_names(_by_login(text)), _taken)


def masked_lines(text: str) -> str:
    """Return `text` masked in such a way that its lines keep their numbers."""
    if _may_have_shape(text):
        text = _SHAPES.sub(lambda found: MASK + "\n" * found[0].count("\n"), text)
    return "\n".join(masked(line) for line in text.split("\n"))


def masked_words(words: Sequence[str]) -> list[str]:
    """Return the words of a command, or items such as ``NAME=value``, with their secrets masked."""
    told = masked_list(words, _taken)
    before = ["", *words]
    return [_word(word, before[place]) for place, word in enumerate(told)]


def masked_hosts(text: str) -> str:
    """Return items of `extra_hosts` with everything masked that cannot be an address."""
    return _HOST.sub(_host_masked, text)


def _host_masked(found: re.Match[str]) -> str:
    return found[0] if _ADDRESS.fullmatch(found[2]) else f"{found[1]}{MASK}"


def is_value(value: str) -> bool:
    """Tell whether `value` may be a secret: no switch, no reference to a variable, no path."""
    bare = value.strip().strip("\"'")
    if not bare or bare.lower() in ORDINARY or bare == MASK:
        return False
    return not (_REFERENCE.fullmatch(bare) or _PLACE.fullmatch(bare))


def hidden(value: str) -> str:
    """Return what to show in place of the value of a secret: a mask, but for what is none."""
    if not is_value(value):
        return value
    default = _DEFAULT.fullmatch(value.strip().strip("\"'").removesuffix("}"))
    return f"{default[1]}{MASK}}}" if default else MASK


def defaults_masked(text: str) -> str:
    """Return `text` with the defaults of variables masked whose names mean a secret."""

    def shown(found: re.Match[str]) -> str:
        value = found["value"]
        told = names_a_secret(found["name"]) and is_value(value)
        return f"{found[1]}{MASK}" if told else found[0]

    return _DEFAULT.sub(shown, text) if "${" in text else text


def _may_have_shape(text: str) -> bool:
    """Tell whether to look at all: to compile the expression takes longer than a small check."""
    return holds_one(text, _SIGNS)


def _by_login(text: str) -> str:
    if "@" in text:
        text = _by_url(text)
        text = _USER.sub(_login, text)
    return text


def _by_url(text: str) -> str:
    """Return `text` with the passwords of URLs masked, up to the last ``@`` of the authority."""
    parts: list[str] = []
    done = 0
    for found in _URL.finditer(text):
        rest = _REST.match(text, found.end())
        password = _password_in(rest[0] if rest else "", found["scheme"])
        if found.start() >= done and password and is_value(password):
            parts += [text[done : found.end()], MASK]
            done = found.end() + len(password)
    return "".join((*parts, text[done:])) if parts else text


def _password_in(rest: str, scheme: str) -> str:
    """Return the password at the start of what stands after ``scheme://user:``, '' for none.

    A ``/`` ends the authority; but a password may have one that is not encoded, and the path of a
    database has no ``@``. Paths on the web do.
    """
    authority = rest.partition("/")[0].partition("?")[0].partition("#")[0]
    if scheme.lower() in {"http", "https", "ws", "wss", "file"}:
        return authority.rpartition("@")[0]
    if "@" not in authority and _PORT.match(rest):
        return ""
    before = rest.partition("://")[0]
    return before.partition("?")[0].rpartition("@")[0] or before.rpartition("@")[0]


def _login(found: re.Match[str]) -> str:
    if found[1] == "mailto:" or not is_value(found[2]):
        return found[0]
    return f"{found[1]}{MASK}"


def _by_names(text: str) -> str:
    if may_name_a_secret(text):
        text = defaults_masked(text)
        if "=" in text or ":" in text:
            text = _replaced(text, _NAMED, _assigned)
        if "-" in text:
            text = _replaced(text, _OPTION, _given)
    if holds_one(text.casefold(), _SAID_WORDS):
        text = _SAID.sub(rf"\g<1>{MASK}", text)
    return text


def _taken(found: re.Match[str]) -> str:
    value = found["value"]
    is_login = found[1].endswith(":") and value.isdigit()
    return found[0] if is_login or not is_value(value) else f"{found[1]}{MASK}"


def _replaced(text: str, pattern: re.Pattern[str], end_of: EndOf) -> str:
    """Return `text` with the value masked after every match whose name means a secret."""
    parts: list[str] = []
    done = 0
    for found in pattern.finditer(text):
        if found.start() < done or not names_a_secret(found["name"].strip("-.")):
            continue
        start, end = end_of(text, found)
        if start >= end or not is_value(text[start:end]):
            continue
        parts += [text[done:start], hidden(text[start:end])]
        done = end
    return "".join((*parts, text[done:])) if parts else text


def _assigned(text: str, found: re.Match[str]) -> tuple[int, int]:
    """Return where the value after ``name=`` or ``name:`` begins and ends."""
    start = found.end()
    before = text[found.start() - 1] if found.start() else ""
    colon = found["sign"].strip() == ":"
    if colon and before == "/":
        return start, start  # a path, and what is said of it: `/run/secrets/pw: Permission denied`
    if colon and (_PROSE.search(text[: found.start()][-4:]) or _is_header(found["name"])):
        return start, start
    if colon and _DEFINITION.match(text, start):
        return start, start  # `secrets: {pw: {file: ./pw}}`: it says where the secret is
    if before in {'"', "'"} and not found["quote"]:
        return start, _until(text, start, before)
    if text[start : start + 1] in {'"', "'"}:
        return start + 1, _until(text, start + 1, text[start])
    if colon and found["sign"][-1:] == ":":
        # Without a space after it, this is an address (`token:80`) as often as a password.
        return start, start
    if colon and text[start : start + 1] == "{":
        return start, _until(text, start, "}")
    return start, _bare(text, start)


def _is_header(name: str) -> bool:
    """Tell whether `name` is the one header whose value has a name of its own, and is kept."""
    return name.lower() in {"cookie", "set-cookie"}


def _given(text: str, found: re.Match[str]) -> tuple[int, int]:
    """Return where the value of an option begins and ends."""
    start = found.end()
    if text[start : start + 1] in {'"', "'"}:
        return start + 1, _until(text, start + 1, text[start])
    if text[start : start + 1] in {"-", "=", ""}:
        return start, start
    return start, _bare(text, start)


def _until(text: str, start: int, quote: str) -> int:
    end = text.find(quote, start)
    line = text.find("\n", start)
    ends = [place for place in (end, line) if place >= 0]
    place = min(ends, default=len(text))
    return place - 1 if place == end and text[place - 1 : place] == "\\" else place


_BARE = regex(r"(?:\$\{[^}\n]*+\}|[^\s\"',;&|)\]}])*+")


def _bare(text: str, start: int) -> int:
    found = _BARE.match(text, start)
    return found.end() if found else start


def _word(word: str, before: str) -> str:
    """Return one word of a command, masked if the option before it or its own name is telling."""
    if before.startswith("-") and "=" not in before and names_a_secret(before.strip("-")):
        return word if word.startswith("-") else hidden(word)
    name, sign, value = word.partition("=")
    if sign and " " not in name and names_a_secret(name.strip("-")):
        return f"{name}={hidden(value)}"
    return masked(word)
