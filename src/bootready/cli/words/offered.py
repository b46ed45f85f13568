"""The words of a command line and the one that is begun -> what may stand there.

This is what the docker client asks its plugins at each Tab.
"""

from __future__ import annotations

from argparse import Action
from collections.abc import Iterator, Sequence

from bootready.cli.words.completing import Completing, completing
from bootready.cli.words.options import Parser, add_project_options
from bootready.typed import NamedTuple


class Offer(NamedTuple):
    """A word, and what it means."""

    word: str
    about: str = ""


class Offered(NamedTuple):
    """What may stand at a place; a shell adds files or directories if they may."""

    offers: tuple[Offer, ...] = ()
    files: bool = False
    directories: bool = False


def offered(words: Sequence[str], begun: str) -> Offered:
    """Return what `begun` may become after `words`, which begin with the command."""
    from bootready.cli import COMMANDS
    from bootready.cli.words.options import command_first
    from bootready.cli.words.parsers import parser_of

    ordered = command_first(list(words))
    if ordered and ordered[0] in COMMANDS:
        return _argument(parser_of(ordered[0]), ordered[1:], begun)
    root = Parser(prog="bootready")
    add_project_options(root)
    place = _Place(root, words)
    if place.waiting or begun.startswith("-"):
        return _argument(root, words, begun)
    return Offered(
        tuple(Offer(name, text) for name, text in COMMANDS.items() if name.startswith(begun))
    )


class _Place:
    """Where a command line has come to: the option that waits for a value, the arguments so far."""

    def __init__(self, parser: Parser, words: Sequence[str]) -> None:
        self.options = parser._option_string_actions  # noqa: SLF001 - argparse has no other list
        self.waiting: Action | None = None
        self.given = 0
        for word in words:
            self._take(word)

    def _take(self, word: str) -> None:
        if word.startswith("-") and word != "-":
            name, equals, _ = word.partition("=")
            action = self.options.get(name)
            self.waiting = None if equals or action is None or action.nargs == 0 else action
        elif self.waiting is None:
            self.given += 1
        elif self.waiting.nargs not in {"+", "*"}:
            self.waiting = None


def _argument(parser: Parser, words: Sequence[str], begun: str) -> Offered:
    place = _Place(parser, words)
    name, equals, value = begun.partition("=")
    if begun.startswith("--") and equals:
        action = place.options.get(name)
        return _values(action, parser, words, value, f"{name}=") if action else Offered()
    if begun.startswith("-"):
        return Offered(tuple(_flags(place, begun)))
    action = place.waiting
    if action is None:
        arguments = parser._get_positional_actions()  # noqa: SLF001 - argparse has no other list
        if not arguments:
            return Offered()
        action = arguments[min(place.given, len(arguments) - 1)]
        if place.given >= len(arguments) and action.nargs not in {"+", "*"}:
            return Offered()
    return _values(action, parser, words, begun)


def _flags(place: _Place, begun: str) -> Iterator[Offer]:
    for name, action in place.options.items():
        is_said_better = any(len(other) > len(name) for other in action.option_strings)
        if name.startswith(begun) and not is_said_better:
            yield Offer(name, " ".join((action.help or "").split()).replace("%%", "%"))


def _values(
    action: Action, parser: Parser, words: Sequence[str], begun: str, before: str = ""
) -> Offered:
    kinds: Completing = completing(action, parser.prog)
    found = kinds.words
    if kinds.names:
        from bootready.cli.words.names import names_of

        found = tuple(names_of(kinds.names, list(words)))
    offers = tuple(Offer(f"{before}{word}") for word in found if word.startswith(begun))
    return Offered(offers, files=kinds.files, directories=kinds.directories)
