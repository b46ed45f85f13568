"""The words of programs -> where they expect a password: after a letter, or at a place of its own.

One table for commands in a line (a shell's, a list in a Compose file) and for lists of words.
"""

from __future__ import annotations

from functools import cache

from bootready.regex import holds_one, regex
from bootready.typed import TYPE_CHECKING, Callable, Iterator, NamedTuple, Sequence

if TYPE_CHECKING:
    import re

BETWEEN = "\x1f"
"""What stands between the words of a list; no word of a command holds it."""


class _Form(NamedTuple):
    """How a list of words is told apart: what parts two of them, and what a value is made of."""

    gap: str
    word: str
    value: str


_LINE = _Form(r"[\"' ,=\t]{1,16}+", r"[^\s\"',;|&]{1,256}+", r"[^\s\"',;|&)\]]{1,512}+")
_WORDS = _Form(rf"[={BETWEEN}]", rf"[^{BETWEEN}]{{1,256}}+", rf"[^{BETWEEN}]{{1,512}}+")

_TABLE: tuple[tuple[str, str], ...] = (
    ("mysql, mariadb", r"(?<![\w-])-p"),
    ("redis, valkey, keydb", r"(?<![\w-])-a{maybe}|\bmasterauth{gap}"),
    (
        "curl, wget, http, etcdctl, influx",
        r"(?<![\w-])(?:-u|--user|-U|--proxy-user){maybe}{name}:(?!//)",
    ),
    ("smb, rpcclient, net rpc, net ads", r"(?<![\w-])(?:-U|--user){maybe}{name}%"),
    ("lftp", r"(?<![\w-])-u{maybe}{name},"),
    ("mongo, sshpass, cqlsh, elasticsearch-users", r"(?<![\w-])-p{gap}"),
    ("login", r"\blogin{gap}(?:{word}{gap}){{0,8}}?-p{gap}"),
    ("mqtt, mosquitto, sqlcmd, zip, ipmitool", r"(?<![\w-])-P{maybe}"),
    ("7z", r"(?<![\w-])-p(?=\w)"),
    ("ldap", r"(?<![\w-])-[ws]{maybe}"),
    ("slappasswd", r"(?<![\w-])-s{maybe}"),
    ("sqlplus", r"\bsqlplus{options}{gap}[\w$]{{1,64}}+/"),
    ("mosquitto_passwd", r"\bmosquitto_passwd{options}{gap}{word}{gap}{word}{gap}"),
    ("htpasswd", r"\bhtpasswd{no_n}{{1,4}}+{gap}{word}{gap}{word}{gap}"),
    ("htpasswd", r"\bhtpasswd{no_n}{{0,3}}+{gap}-\w{{0,4}}n\w{{0,4}}{options}{gap}{word}{gap}"),
    ("openssl", r"\bpass:|(?<![\w-])-k{gap}"),
    ("requirepass, masterauth", r"\b(?:requirepass|masterauth){gap}"),
    ("add_user, change_password", r"\b(?:add_user|change_password){gap}{word}{gap}"),
    ("authenticate_user", r"\bauthenticate_user{gap}{word}{gap}"),
    ("set-initial-password", r"\bset-initial-password{gap}(?!-)"),
    ("reset-admin-password", r"\breset-admin-password{gap}(?!-)"),
    ("authtoken", r"\b(?:add-)?authtoken{gap}(?!-)"),
    ("vault", r"\bvault{gap}login{gap}(?!-)"),
    ("alias", r"\balias{gap}set{gap}{word}{gap}{word}{gap}{word}{gap}"),
    ("config", r"\bconfig{gap}host{gap}add{gap}{word}{gap}{word}{gap}{word}{gap}"),
    ("ookie:", r"\b(?:Set-)?Cookie:[ \t]{{0,8}}+[^=\s]{{1,256}}+="),
)
"""Words of which one is in a command, and what stands before a password then. `{gap}` is between
two words, `{maybe}` there or nothing, `{options}` some of one letter, `{word}` is one word, and
`{name}` the name of a user.
"""
_PLACES = tuple((words.split(", "), place) for words, place in _TABLE)
_NAME = r"[\w.@+\\/-]{1,128}+"

_LETTER = r"((?<![\w-])-p)(?![\d=:-])(?=[^\s\"']{0,64}[A-Z0-9])(?=[A-Za-z0-9])"

_PIPED = regex(
    r"(\b(?:echo|printf)[ \t]{1,8}+"
    r"(?:-[ne]{1,2}[ \t]{1,8}+|[\"']%s(?:\\n)?[\"'][ \t]{1,8}+)?[\"']?)"
    r"(?P<value>[^|;&\n\"'$]{1,512}+)(?=[\"']?[ \t]{0,8}\|)"
)
_READERS = ("stdin", "passwd", "sudo -S", "cryptsetup", "passphrase-fd", "kinit", "docker login")
"""What reads a password that is piped into it."""

_ONE_LETTER = regex(rf"{_LETTER}(?P<value>{_LINE.value})")
"""A password after `-p`."""

Masked = Callable[["re.Match[str]"], str]


def masked_line(text: str, shown: Masked) -> str:
    """Return a command in one line with its passwords replaced by what `shown` makes of them."""
    if holds_one(text, _READERS):
        text = _PIPED.sub(shown, text)
    text = _replaced(text, text, _LINE, shown)
    return _ONE_LETTER.sub(shown, text) if "-p" in text else text


def masked_list(words: Sequence[str], shown: Masked) -> list[str]:
    """Return the words of a command with its passwords replaced by what `shown` makes of them."""
    joined = BETWEEN.join(word.replace(BETWEEN, " ") for word in words)
    told = _replaced(joined, " ".join(words), _WORDS, shown).split(BETWEEN)
    return told if len(told) == len(words) else list(words)


def patterns() -> tuple[re.Pattern[str], ...]:
    """Return every pattern of the table, for the test that none of them runs away."""
    return tuple(_pattern(place, form) for _, place in _TABLE for form in (_LINE, _WORDS))


def _replaced(text: str, line: str, form: _Form, shown: Masked) -> str:
    for place in _places(line):
        text = _pattern(place, form).sub(shown, text)
    return text


def _places(line: str) -> Iterator[str]:
    for words, place in _PLACES:
        if holds_one(line, words):
            yield place


@cache
def _pattern(place: str, form: _Form) -> re.Pattern[str]:
    import re

    maybe = f"(?:{form.gap})?"
    options = f"(?:{form.gap}-\\w{{1,8}}+){{0,4}}+"
    no_n = f"(?:{form.gap}-[a-mo-zA-Z0-9]{{1,8}}+)"
    names = {"gap": form.gap, "maybe": maybe, "options": options, "no_n": no_n, "word": form.word}
    before = place.format(**names, name=_NAME)
    return re.compile(f"({before})(?P<value>{form.value})")
