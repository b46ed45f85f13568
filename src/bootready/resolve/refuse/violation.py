"""A violation of the schema -> a Problem: what was found and what was expected, in words."""

from __future__ import annotations

from bootready.model.node import Mapping, Node, Scalar, Sequence, plain
from bootready.model.position import Location, YamlPath
from bootready.model.problem import Problem
from bootready.model.subject import attribute_of, subject_of
from bootready.typed import Iterator

WORDS = {
    "s": "a string",
    "i": "an integer",
    "n": "a number",
    "b": "a boolean",
    "0": "nothing",
    "o": "a mapping",
    "a": "a list",
}
_LONGEST_SHOWN = 40
_FORMS = {
    "[a-zA-Z0-": "at least two letters, digits, '_', '.' or '-'",
    "^(always|": "'always', 'never', 'missing', 'build', 'daily', 'weekly' or 'every_12h'",
}
"""By the start of the schema's pattern."""
_NAME_FORM = "^[a-zA-Z0-9._-]+$"


class Violations:
    """Gathers the problems; one method for each way to break the schema."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def unknown_key(
        self,
        place: Location,
        key: str,
        known: tuple[str, ...],
        patterns: tuple[tuple[str, int], ...],
    ) -> None:
        """A key that the schema does not know, or a name that cannot be one."""
        parent = place.path[:-1]
        if any(pattern == _NAME_FORM for pattern, _ in patterns):
            where = attribute_of(parent) or "the project"
            text = f"{subject_of(parent)}: '{key}' is not a valid name in `{where}`"
            hint = "names may contain letters, digits, '.', '_' and '-'"
            self._add("schema", text, place, hint)
            return
        inside = attribute_of(parent)
        where = f" in `{inside}`" if inside else ""
        text = f"{subject_of(parent)}: unknown attribute '{key}'{where}"
        self._add("unknown-key", text, place, _nearest(key, known))
        self._mean(key, known)

    def beside(self, node: Mapping) -> None:
        """Look at what else is in `node`, whose key the last problem is about.

        If the attribute that is meant stands there too, nobody can tell which is right, unless it
        says all that the misspelt one says.
        """
        last = self.problems[-1]
        right = node.entries.get(last.meant) if last.meant else None
        if right is None or last.location is None:
            return
        wrong, key = node.entries[last.word], last.location.span
        ends = [one.span.end_line for one in _all(wrong) if one.span.file == key.file]
        extent = key._replace(end_line=max([key.line, *ends]), end_column=1)
        if _repeats(wrong, right):
            self.problems[-1] = last._replace(extent=extent)
        else:
            self.problems[-1] = last._replace(word="", meant="")

    def missing(self, place: Location, keys: tuple[str, ...]) -> None:
        """A key that must be there, or one of several."""
        wanted = _either([f"'{key}'" for key in keys])
        inside = attribute_of(place.path)
        where = f" in `{inside}`" if inside else ""
        self._add("schema", f"{subject_of(place.path)}: {wanted} is missing{where}", place)

    def other_type(self, place: Location, node: Node, letters: str) -> None:
        """A value of a type that is not allowed there."""
        expected = _either([WORDS[letter] for letter in letters])
        text = f"{_named(place)} is {_shown(node, place.path)}, must be {expected}"
        quotable = letters == "s" and isinstance(node, Scalar) and node.value is not None
        self._add("schema", text, place, "put it in quotes" if quotable else "")

    def repeated(self, place: Location, node: Node, first: int) -> None:
        """An entry of a list that is there already."""
        what = f" {_text(node, place.path)}" if isinstance(node, Scalar) else ""
        self._add("schema", f"{_named(place)} repeats entry {first}{what}", place)

    def not_a_choice(self, place: Location, node: Scalar, choices: tuple[str, ...]) -> None:
        """A word that is none of the allowed ones."""
        expected = _either([f"'{choice}'" for choice in choices])
        text = f"{_named(place)} is {_text(node, place.path)}, must be {expected}"
        self._add("schema", text, place, _nearest(str(node.value), choices))
        if node.template is None:
            self._mean(str(node.value), choices)

    def other_form(self, place: Location, node: Scalar, pattern: str) -> None:
        """A string that has not the form it needs."""
        form = _FORMS.get(pattern[:9], f"the form {pattern}")
        self._add("schema", f"{_named(place)} is {_text(node, place.path)}, must be {form}", place)

    def out_of_range(
        self, place: Location, node: Scalar, low: int | None, high: int | None
    ) -> None:
        """A number that is too small or too large."""
        expected = f"at least {low}" if high is None else f"between {low} and {high}"
        self._add("schema", f"{_named(place)} is {node.value}, must be {expected}", place)

    def not_finite(self, place: Location, node: Scalar) -> None:
        """A number that JSON cannot hold: Compose v5 validates JSON, v2.40.3 did not."""
        found = f"{_named(place)} is {_text(node, place.path)}"
        text = f"{found}, but Compose 5 rejects infinite numbers"
        self._add("schema", text, place, "put it in quotes" if node.template is None else "")

    def _mean(self, word: str, known: tuple[str, ...]) -> None:
        """Say of the last problem which known word is meant, if there is only one."""
        from bootready.model.near import only_near

        meant = only_near(word, known)
        if meant:
            self.problems[-1] = self.problems[-1]._replace(word=word, meant=meant)

    def _add(self, kind: str, message: str, place: Location, hint: str = "") -> None:
        subject = subject_of(place.path)
        self.problems.append(Problem(kind, message, place, subject=subject, hint=hint))


def _repeats(node: Node, other: Node) -> bool:
    """Tell whether `other` says everything that `node` says; names in a list may be keys of it."""
    if isinstance(node, Mapping) and isinstance(other, Mapping):
        theirs = other.entries
        return all(
            name in theirs and plain(one) == plain(theirs[name])
            for name, one in node.entries.items()
        )
    if isinstance(node, Sequence):
        keys = list(other.entries) if isinstance(other, Mapping) else []
        items = [plain(one) for one in other.items] if isinstance(other, Sequence) else keys
        return all(plain(one) in items for one in node.items)
    return plain(node) == plain(other)


def _all(node: Node) -> Iterator[Node]:
    """Yield the node and everything in it."""
    stack = [node]
    while stack:
        one = stack.pop()
        yield one
        if isinstance(one, Sequence):
            stack += one.items
        elif isinstance(one, Mapping):
            stack += one.entries.values()


def _named(place: Location) -> str:
    attribute = attribute_of(place.path)
    return f"{subject_of(place.path)}: `{attribute}`" if attribute else f"{subject_of(place.path)}:"


def _shown(node: Node, path: YamlPath) -> str:
    if isinstance(node, Mapping):
        return WORDS["o"]
    if isinstance(node, Sequence):
        return WORDS["a"]
    if node.value is None:
        return "empty"
    if isinstance(node.value, str):
        return f"the string {_text(node, path)}"
    if isinstance(node.value, bool):
        return f"the boolean {str(node.value).lower()}"
    return f"the number {node.value}"


def _text(node: Scalar, path: YamlPath) -> str:
    """Return the value as the file has it; a template shows its variables, not their values."""
    from bootready.knowledge.secrets.names import path_of_a_secret

    if path_of_a_secret(path):
        return "'****'"
    if node.template is not None:
        text = node.template
    elif isinstance(node.value, bool):
        return "true" if node.value else "false"
    elif not isinstance(node.value, str):
        return str(node.value)
    else:
        text = node.value
    line = text.split("\n", 1)[0]
    if line != text or len(line) > _LONGEST_SHOWN:
        line = line[: _LONGEST_SHOWN - 3] + "..."
    return f"'{line}'"


def _either(words: list[str]) -> str:
    return words[0] if len(words) == 1 else ", ".join(words[:-1]) + " or " + words[-1]


def _nearest(word: str, known: tuple[str, ...]) -> str:
    from bootready.model.near import did_you_mean

    return did_you_mean(word.lower(), known, cutoff=0.7)
