"""A verdict -> the next step: what `prepare` repairs, what `fix`, what is left to a person."""

from __future__ import annotations

from bootready.model.finding import Finding, Verdict
from bootready.report.formats.text import Source, command_of
from bootready.typed import Iterable, NamedTuple


class Following(NamedTuple):
    """How many findings each command repairs. `stops` says whether they are those that make the
    project not ready, and those alone.
    """

    prepare: int = 0
    outside: int = 0
    """Repaired by `prepare --outside` alone: a path of them is not in the repository."""
    fix: int = 0
    left: int = 0
    stops: bool = False

    @property
    def total(self) -> int:
        """How many there are."""
        return self.prepare + self.outside + self.fix + self.left

    @property
    def command(self) -> str:
        """The one to type next, without ``bootready``; '' where a person has to do something."""
        if self.prepare:
            return "prepare"
        if self.outside:
            return "prepare --outside"
        return "fix" if self.fix else ""


def following(verdict: Verdict, source: Source) -> Following:
    """Return what repairs the findings that stop the project, or all of them if none does."""
    grave = [one for one in verdict.findings if one.severity.rank <= source.failing.rank]
    found: Iterable[Finding] = grave or verdict.findings
    counts = {"prepare": 0, "prepare --outside": 0, "fix": 0, "": 0}
    for finding in found:
        remedy = finding.remedy
        sure = remedy is not None and not remedy.is_guess  # a guess is a person's to ask for
        counts[command_of(remedy, source) if remedy and sure else ""] += 1
    prepare, outside, fix, left = counts.values()
    return Following(prepare, outside, fix, left, bool(grave))


def following_line(step: Following, options: str = "") -> str:
    """Return the last line that a person reads, '' where nothing is to be done.

    `options` are those that name the project, as in `` -C api``.
    """
    if not step.command and not step.stops:
        return ""
    if not step.command:
        return f"next: {_left(step.left, 'finding')} to you"
    number = {"prepare": step.prepare, "prepare --outside": step.outside, "fix": step.fix}
    first = f"next: bootready {step.command}{options}    repairs {number.pop(step.command)}"
    others = [f"{name} {count}" for name, count in number.items() if count]
    if step.left:
        others.append(f"{_left(step.left)} to you")
    return "; ".join([f"{first} of {step.total}", *others])


def following_words(step: Following) -> str:
    """Return the same in as few words as a row of a table has, '' where nothing repairs them."""
    number = {"prepare": step.prepare, "prepare --outside": step.outside, "fix": step.fix}
    return ", ".join(f"{name} {count}" for name, count in number.items() if count)


def following_object(step: Following) -> dict[str, object]:
    """Return the same as plain values."""
    return {
        "command": f"bootready {step.command}" if step.command else "",
        "prepare": step.prepare,
        "prepare_outside": step.outside,
        "fix": step.fix,
        "left": step.left,
    }


def _left(number: int, noun: str = "") -> str:
    words = f" {noun}{'' if number == 1 else 's'}" if noun else ""
    return f"{number}{words} {'is' if number == 1 else 'are'} left"
