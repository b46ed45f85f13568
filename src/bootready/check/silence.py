"""Comments and `bootready.toml` -> the findings that a person has silenced, each with a reason."""

from bootready.errors import UsageError
from bootready.model.finding import Finding, Severity
from bootready.model.position import Location, Span
from bootready.regex import regex
from bootready.typed import Mapping, NamedTuple, Sequence

MARK = "bootready: ignore["
_COMMENT = regex(r"#\s*bootready: ignore\[([^\]]*)\][ \t]*(.*)$")

STALE = "silence-stale"
UNREASONED = "silence-unreasoned"


class Silence(NamedTuple):
    """One wish to hear nothing of `check_id`: at `line` of a file, or, without one, anywhere."""

    check_id: str
    reason: str
    location: Location | None
    file: str = ""
    line: int = 0
    is_shared: bool = False
    """Whether it is for other projects as well, and so is not stale if this one has no use for it.
    """


def silences_in(sources: Mapping[str, str]) -> tuple[Silence, ...]:
    """Return the silences that comments in the files read ask for.

    A comment after a value speaks of its line; one on a line of its own of the next value's.
    """
    found: list[Silence] = []
    for file, text in sources.items():
        if MARK in text:
            found += _silences_of(file, text.splitlines())
    return tuple(found)


def silences_from(settings: Mapping[str, object], file: str) -> tuple[Silence, ...]:
    """Return the silences of ``[checks.ignore]`` in `bootready.toml`: an id and its reason each.

    Raises UsageError for anything else than text.
    """
    wishes = settings.get("ignore", {})
    if not isinstance(wishes, dict):
        raise UsageError(f"{file}: `checks.ignore` must be a table of check ids and reasons")
    span = Span(file, 1, 1, 1, 1)
    found = []
    for check_id, reason in wishes.items():
        if not isinstance(reason, str):
            raise UsageError(f"{file}: `checks.ignore.{check_id}` must be a reason, in words")
        found.append(Silence(check_id, reason.strip(), Location(span), file))
    return tuple(found)


def apply_silences(
    findings: Sequence[Finding], silences: Sequence[Silence], ran: frozenset[str]
) -> tuple[list[Finding], list[Finding], list[Finding]]:
    """Return what is left, what was silenced, and what is to be said of the silences themselves.

    A silence without a reason silences nothing. One is stale when its check ran and found nothing
    there (`ran`), or when there is no such check.
    """
    if not silences:
        return list(findings), [], []
    used: set[int] = set()
    by_place: dict[tuple[str, str, int], list[int]] = {}
    for number, silence in enumerate(silences):
        place = (silence.file, silence.line) if silence.line else ("", 0)
        by_place.setdefault((silence.check_id, *place), []).append(number)
    left: list[Finding] = []
    silenced: list[Finding] = []
    for finding in findings:
        numbers = [n for key in _keys(finding) for n in by_place.get(key, ())]
        used.update(numbers)
        if any(silences[n].reason for n in numbers):
            silenced.append(finding)
        else:
            left.append(finding)
    return left, silenced, _remarks(silences, used, ran)


def _remarks(silences: Sequence[Silence], used: set[int], ran: frozenset[str]) -> list[Finding]:
    remarks = []
    for number, silence in enumerate(silences):
        if not silence.reason:
            remarks.append(
                Finding(
                    UNREASONED,
                    Severity.WARNING,
                    f"project: silence of '{silence.check_id}' gives no reason",
                    silence.location,
                    hint=f"# {MARK}{silence.check_id}] the reason",
                    consequence="a silence without a reason has no effect",
                )
            )
        elif number not in used and silence.check_id in ran and not silence.is_shared:
            remarks.append(
                Finding(
                    STALE,
                    Severity.WARNING,
                    f"project: silence of '{silence.check_id}' no longer matches any finding",
                    silence.location,
                    hint="remove it",
                )
            )
    return remarks


def _silences_of(file: str, lines: list[str]) -> list[Silence]:
    found = []
    following = _following_values(lines)
    for number, line in enumerate(lines, 1):
        match = _COMMENT.search(line) if MARK in line else None
        if match is None:
            continue
        column = match.start() + 1
        span = Span(file, number, column, number, len(line) + 1)
        alone = not line[: match.start()].strip()
        target = following[number - 1] if alone else number
        found += [
            Silence(name.strip(), match[2].strip(), Location(span), file, target)
            for name in match[1].split(",")
        ]
    return found


def _following_values(lines: list[str]) -> list[int]:
    """Return for each line the number of the next that has a value, or its own for none."""
    found = list(range(1, len(lines) + 1))
    following = 0
    for place in range(len(lines) - 1, -1, -1):
        found[place] = following or place + 1
        line = lines[place].strip()
        if line and not line.startswith("#"):
            following = place + 1
    return found


def _keys(finding: Finding) -> set[tuple[str, str, int]]:
    """Return what silences of `finding` may name: its check everywhere, or at one of its lines."""
    spans = [place.span for place in (finding.primary, *finding.related[:1]) if place]
    return {
        (finding.check_id, "", 0),
        *((finding.check_id, span.file, span.line) for span in spans),
    }
