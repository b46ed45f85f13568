"""The values that containers get -> those that are none: placeholders, examples, blanks.

What a value says of itself counts everywhere. What a comment says of it (`CHANGEME`, `openssl rand
-hex 32`) stays there after the value was replaced: it counts only for a value that is an example's.
"""

from __future__ import annotations

from enum import Enum

from bootready.check.value_uses import Origin, ValueUse, value_uses
from bootready.knowledge.values.placeholder import Form, form_of, names_nobody
from bootready.model.finding import Severity
from bootready.model.project import Project
from bootready.regex import regex
from bootready.typed import TYPE_CHECKING, Iterable, Iterator, NamedTuple, Sequence

if TYPE_CHECKING:
    from bootready.model.evidence import Host

LOGIN = regex(
    r"(?P<before>\w+://[^\s:/@]*:)(?P<password>[^\s@/$]+)(?P<after>@[^\s]*)", needs=("@",)
)
"""A URL with a password in it."""


class Fault(Enum):
    """Why a value is none."""

    PLACEHOLDER = "placeholder"
    MARKED = "marked"
    """Its comment says that it is to be replaced."""
    DEMO = "demo"
    STAND_IN = "stand-in"
    """An example's host name or mail address."""
    BLANK = "blank"


class Faulty(NamedTuple):
    """A value that is none, why, and how grave that is for the boot."""

    use: ValueUse
    fault: Fault
    severity: Severity

    @property
    def refused(self) -> bool:
        """Whether the project's own words say that the program does not start with it."""
        return self.severity is Severity.ERROR


def placeholders(project: Project, host: Host) -> tuple[Faulty, ...]:
    """Return the values of `project` that say of themselves that they are none, in order."""
    return faulty_among(value_uses(project, lambda use: not use.is_blank), host)


def blanks(project: Project, host: Host) -> tuple[Faulty, ...]:
    """Return the secrets of `project` that have no value, in the order of their uses."""
    return faulty_among(value_uses(project, lambda use: use.is_blank), host)


def faulty_among(uses: Iterable[ValueUse], host: Host) -> tuple[Faulty, ...]:
    """Return those of `uses` that are none. What is set nowhere is told by other checks."""
    examples = _Examples(host)
    known = [use for use in uses if use.origin is not Origin.UNSET]
    pairs = _pairs(known)
    found = (_judged(use, examples, pairs, known) for use in known)
    return tuple(one for one in found if one is not None)


def _pairs(uses: Sequence[ValueUse]) -> frozenset[str]:
    """Return the stems of the key pairs that the program signs with."""
    if not any("PRIVATE" in name.upper() for use in uses for name in use.names):
        return frozenset()
    from bootready.knowledge.values.halves import complete_pairs

    return complete_pairs(use.names for use in uses)


def _judged(
    use: ValueUse, examples: _Examples, pairs: frozenset[str], uses: Sequence[ValueUse]
) -> Faulty | None:
    if use.is_blank:
        blank = _blank(use, pairs)
        if blank is not None and blank.severity is Severity.WARNING and _is_issued(use, uses):
            return blank._replace(severity=Severity.NOTE)
        if blank is not None and blank.severity is Severity.NOTE and examples.are_filled(use):
            return blank._replace(severity=Severity.WARNING)
        return blank
    fault = _fault(use, examples)
    if fault is None:
        return None
    return Faulty(use, fault, _severity(use, fault))


def _fault(use: ValueUse, examples: _Examples) -> Fault | None:
    secret = use.is_secret
    form = form_of(use.value, secret=secret)
    login = LOGIN.search(use.value) if "://" in use.value else None
    if form is Form.REAL and login is not None:
        inner = form_of(login["password"], secret=True)
        form = inner if inner is Form.PLACEHOLDER else form
    if form is Form.PLACEHOLDER:
        return Fault.STAND_IN if not secret and names_nobody(use.value) else Fault.PLACEHOLDER
    if secret and _is_marked(use, examples):
        return Fault.MARKED
    if form is Form.DEMO:
        return Fault.DEMO
    chosen = use.origin is Origin.DEFAULT  # by the author, as what will do
    if not secret and not chosen and names_nobody(use.value) and _names_a_place(use):
        return Fault.STAND_IN
    return None


def _names_a_place(use: ValueUse) -> bool:
    from bootready.knowledge.values.meaning import Meaning

    return use.meaning in {Meaning.URL, Meaning.HOST, Meaning.EMAIL}


def _is_marked(use: ValueUse, examples: _Examples) -> bool:
    if not use.comment:
        return False
    from bootready.knowledge.values.randomness import looks_random
    from bootready.knowledge.values.recipe import asks_to_change

    if "$" in use.value or not asks_to_change(use.comment) or looks_random(use.value):
        return False
    if use.value.startswith(("/", "./", "http")) or use.value.lower() in {"true", "false"}:
        return False
    return examples.is_original(use)


def _severity(use: ValueUse, fault: Fault) -> Severity:
    if fault in {Fault.DEMO, Fault.STAND_IN}:
        return Severity.NOTE
    from bootready.knowledge.values.meaning import Meaning
    from bootready.knowledge.values.recipe import says_refused

    if use.is_secret:
        if says_refused(use.comment):
            return Severity.ERROR
        issued = use.meaning is Meaning.ISSUED
        return Severity.NOTE if issued else Severity.WARNING
    place = use.meaning is Meaning.ADDRESS or _names_a_place(use)
    return Severity.WARNING if place else Severity.NOTE


def _blank(use: ValueUse, pairs: frozenset[str]) -> Faulty | None:
    """Return a secret without a value that its program signs or encrypts with, or must have."""
    from bootready.knowledge.values.generators import names_generator
    from bootready.knowledge.values.meaning import Meaning, stands_alone
    from bootready.knowledge.values.neighbours import is_own
    from bootready.knowledge.values.recipe import (
        asks_to_change,
        recipe_in,
        says_optional,
        says_refused,
        says_required,
    )

    if use.passed and any(is_own(use.meaning, name) for name in use.names):
        return Faulty(use, Fault.BLANK, Severity.WARNING)
    if use.origin is Origin.DEFAULT:
        return None
    if use.meaning not in {Meaning.SECRET, Meaning.PUBLIC_KEY} and not _is_half(use, pairs):
        return None
    asked = asks_to_change(use.comment) or recipe_in(use.comment) is not None
    asked = asked or names_generator(use.comment)
    if says_refused(use.comment):
        return Faulty(use, Fault.BLANK, Severity.ERROR)
    if says_optional(use.comment) and not says_required(use.comment):
        return None
    alone = any(stands_alone(name) for name in use.names)
    if alone or asked or says_required(use.comment):
        return Faulty(use, Fault.BLANK, Severity.WARNING)
    written = use.meaning is Meaning.SECRET and not use.passed
    return Faulty(use, Fault.BLANK, Severity.NOTE) if written else None  # it may be optional


def _is_issued(use: ValueUse, uses: Sequence[ValueUse]) -> bool:
    """Tell whether somebody else issues the secret, with a name that has no value either."""
    from bootready.knowledge.values.kinship import is_second_half
    from bootready.knowledge.values.meaning import spelled

    blank = {spelled(name) for other in uses if other.is_blank for name in other.names}
    return any(is_second_half(name, blank) for name in use.names)


def _is_half(use: ValueUse, pairs: frozenset[str]) -> bool:
    if not pairs:
        return False
    from bootready.knowledge.values.halves import in_pairs

    return in_pairs(use.names, pairs)


class _Examples:
    """Whether a value is still the one that the project came with."""

    def __init__(self, host: Host) -> None:
        self._host = host
        self._texts: dict[str, dict[str, str]] = {}
        self._scripts: dict[str, str] = {}

    def are_filled(self, use: ValueUse) -> bool:
        """Tell whether a generator that the project brings, beside the file, sets the variable."""
        directory = use.file.rpartition("/")[0]
        if directory not in self._scripts:
            from bootready.check.generators import scripts_in

            texts = (
                self._host.read_text(path, 100_000) for path in scripts_in(directory, self._host)
            )
            self._scripts[directory] = "\n".join(text for text in texts if text)
        import re

        return re.search(rf"\b{re.escape(use.name)}\b", self._scripts[directory]) is not None

    def is_original(self, use: ValueUse) -> bool:
        if use.origin in {Origin.ENVIRONMENT, Origin.DEFAULT, Origin.BUILD_ARGUMENT}:
            return True
        if self._host.tracked_by_git(use.file):
            return True
        known = self._example(use.file).get(use.name)
        if known is not None:
            return known == use.value
        return form_of(use.value, secret=True) is not Form.REAL

    def _example(self, file: str) -> dict[str, str]:
        if file not in self._texts:
            from bootready.knowledge.examples import settings_in, templates_for, value_of

            texts = (self._host.read_text(path) for path in templates_for(file))
            text = next((one for one in texts if one is not None), "")
            self._texts[file] = {
                name: value_of(setting) for name, setting in settings_in(text).items()
            }
        return self._texts[file]


def by_file(found: tuple[Faulty, ...]) -> Iterator[tuple[Severity, str, list[Faulty]]]:
    """Yield the values of each file and severity together, the gravest first."""
    groups: dict[tuple[int, str], list[Faulty]] = {}
    for one in found:
        groups.setdefault((one.severity.rank, one.use.file), []).append(one)
    for (_, file), members in sorted(groups.items()):
        yield members[0].severity, file, members


def listed(members: list[Faulty], most: int = 4) -> str:
    """Return the names of the values, quoted, with a count of those beyond `most`."""
    names = list(dict.fromkeys(f"'{one.use.name}'" for one in members))
    if len(names) > most:
        return f"{', '.join(names[:most])} and {len(names) - most} more"
    return " and ".join([", ".join(names[:-1]), names[-1]] if names[1:] else names)
