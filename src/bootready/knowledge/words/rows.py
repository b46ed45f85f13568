"""A table of words, as TOML -> its rows; everything that is wrong with it in one sentence.

The tables of the package and those of a person have one form, described in
docs/reference/writing-words.md.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping

from bootready.knowledge.words.template import TYPES, Template
from bootready.regex import regex
from bootready.typed import NamedTuple

ROWS = 500
"""Rows of one table."""
LONGEST = 400
"""Characters of a sentence."""
_KEYS = frozenset(
    {"id", "kind", "says", "cause", "remedy", "look", "alive", "strength", "elsewhere", "at_info"}
    | {"line", "seen", "read", "variable", "unless", "repeats"}
)
_SLOT = regex(r"\{(\w{1,20})\}")
_OPTIONAL = regex(r"\[([^\[\]]{1,200})\]")


class Kind(NamedTuple):
    """A class of failures, with the sentences of the rows that have none of their own."""

    id: str
    cause: str
    remedy: str
    look: tuple[str, ...] = ()


class Row(NamedTuple):
    """One thing that a program says."""

    id: str
    kind: str
    program: str
    says: tuple[Template, ...]
    cause: str
    remedy: str
    look: tuple[str, ...] = ()
    """The attributes of the service that may be to blame, best first."""
    alive: bool = False
    """Whether it also counts where the program lives and is unhealthy: one that only says it while
    it waits for somebody must not be blamed for it.
    """
    strength: str = ""
    """`decisive` rows are tried on all lines before the others: what a program writes while it
    gives up does not hide them. `weak` ones after all others: they are what follows.
    """
    elsewhere: str = ""
    """The row that explains it better, where a server that the service depends on says so."""
    at_info: bool = False
    """Programs say it in a line of level info, which tells nothing else."""
    variable: str = ""
    """The variable of the service that it is about, where the line does not name it."""
    unless: tuple[str, ...] = ()
    """In lower case: with one of these in the line it is something else."""
    repeats: int = 1
    """So often a log has to say it: a program that is well may say it once."""
    general: bool = False
    """Of the table of no program in particular, which is asked last."""
    origin: str = ""
    """The file of a person that it is from, '' for one of the package."""
    line: str = ""
    seen: str = ""
    read: tuple[str, ...] = ()
    """Where one of the templates was read in the source that writes it: ``owner/name@COMMIT PATH``,
    or ``debian:PACKAGE@VERSION PATH``. Without it, `seen` is from memory or from a report.
    """


def rows_of(
    text: str, kinds: Mapping[str, Kind], *, general: bool = False, origin: str = ""
) -> tuple[Row, ...]:
    """Return the rows of one table. Raises ValueError, also for what is not TOML."""
    data = tomllib.loads(text)
    strange = sorted(set(data) - {"title", "row"})
    if strange:
        raise ValueError(f"`{strange[0]}` is not a key of a table of words")
    title = _word(data, "title", "the table")
    entries = data.get("row", [])
    if not isinstance(entries, list) or not all(isinstance(one, dict) for one in entries):
        raise ValueError("`row` must be written as [[row]]")
    if len(entries) > ROWS:
        raise ValueError(f"has more than {ROWS} rows")
    return tuple(
        _row(entry, number, kinds, title)._replace(general=general, origin=origin)
        for number, entry in enumerate(entries, 1)
    )


def kinds_of(text: str) -> dict[str, Kind]:
    """Return the kinds of the package's own file, by id."""
    return {
        name: Kind(name, entry["cause"], entry["remedy"], tuple(entry.get("look", ())))
        for name, entry in tomllib.loads(text).items()
    }


def filled(sentence: str, values: Mapping[str, str]) -> str:
    """Return a sentence with the words of a line in it.

    What stands in brackets is left out where the line did not say it; elsewhere an ordinary word
    stands for it.
    """

    def part(found: re.Match[str]) -> str:
        names = _SLOT.findall(found[1])
        if not names:
            return found[0]
        return found[1] if set(names) <= set(values) else ""

    sentence = _OPTIONAL.sub(part, sentence)
    for name in _SLOT.findall(sentence):
        if name not in values:
            sentence = sentence.replace(f"'{{{name}}}'", TYPES[name][1])
        sentence = sentence.replace(f"{{{name}}}", values.get(name, TYPES[name][1]))
    return sentence


def _row(entry: Mapping[str, object], number: int, kinds: Mapping[str, Kind], title: str) -> Row:
    identity = _word(entry, "id", f"row {number}")
    where = f"row '{identity}'"
    if re.fullmatch(r"[a-z0-9]{1,40}(?:-[a-z0-9]{1,40}){0,8}", identity) is None:
        raise ValueError(f"{where}: an id is written in lower case, with hyphens")
    strange = sorted(set(entry) - _KEYS)
    if strange:
        raise ValueError(f"{where}: `{strange[0]}` is not a key of a row")
    name = _word(entry, "kind", where)
    kind = kinds.get(name)
    if kind is None:
        raise ValueError(f"{where}: unknown kind '{name}'; one of: {', '.join(kinds)}")
    strength = _word(entry, "strength", where, "")
    if strength not in {"", "decisive", "weak"}:
        raise ValueError(f"{where}: `strength` is decisive or weak, not '{strength}'")
    cause = _word(entry, "cause", where, kind.cause)
    remedy = _word(entry, "remedy", where, kind.remedy)
    for sentence in (cause, remedy):
        _check_sentence(sentence, where)
    return Row(
        id=identity,
        kind=name,
        program=title,
        says=tuple(_templates(entry, where)),
        cause=cause,
        remedy=remedy,
        look=_words(entry, "look", where) or kind.look,
        alive=_flag(entry, "alive", where),
        strength=strength,
        elsewhere=_word(entry, "elsewhere", where, ""),
        at_info=_flag(entry, "at_info", where),
        variable=_word(entry, "variable", where, ""),
        repeats=_count(entry, where),
        unless=tuple(word.lower() for word in _words(entry, "unless", where)),
        line=_word(entry, "line", where, ""),
        seen=_word(entry, "seen", where, ""),
        read=_words(entry, "read", where),
    )


def _check_sentence(sentence: str, where: str) -> None:
    if len(sentence) > LONGEST or "\n" in sentence:
        raise ValueError(f"{where}: a sentence has at most {LONGEST} characters, on one line")
    unknown = [name for name in _SLOT.findall(sentence) if name not in TYPES]
    if unknown:
        raise ValueError(f"{where}: {{{unknown[0]}}} is not a placeholder")


def _templates(entry: Mapping[str, object], where: str) -> Iterator[Template]:
    texts = _words(entry, "says", where)
    if not texts:
        raise ValueError(f"{where}: `says` needs the words of the program")
    for text in texts:
        try:
            yield Template(text)
        except ValueError as error:
            raise ValueError(f"{where}: '{text[:60]}' {error}") from None


def _word(entry: Mapping[str, object], key: str, where: str, default: str | None = None) -> str:
    value = entry.get(key, default)
    if not isinstance(value, str) or (default is None and not value):
        raise ValueError(f"{where}: `{key}` must be a string")
    return value


def _count(entry: Mapping[str, object], where: str) -> int:
    value = entry.get("repeats", 1)
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= 100:
        raise ValueError(f"{where}: `repeats` must be a number from 1 to 100")
    return value


def _flag(entry: Mapping[str, object], key: str, where: str) -> bool:
    value = entry.get(key, False)
    if not isinstance(value, bool):
        raise ValueError(f"{where}: `{key}` must be true or false")  # noqa: TRY004 - one kind
    return value


def _words(entry: Mapping[str, object], key: str, where: str) -> tuple[str, ...]:
    value = entry.get(key, ())
    value = [value] if isinstance(value, str) else value
    if not isinstance(value, list | tuple) or not all(isinstance(one, str) for one in value):
        raise ValueError(f"{where}: `{key}` must be a list of strings")
    return tuple(value)
