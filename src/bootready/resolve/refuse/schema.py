"""A merged Compose file -> every place where it breaks the specification's schema.

Compose validates each file after interpolation, includes, extends and merge, before the short
syntax is expanded (compose-go loader.go, loadYamlFile); so must the caller.
"""

from bootready.model.node import Mapping, Node, Scalar, Sequence
from bootready.model.position import Location, Span
from bootready.model.problem import Problem
from bootready.resolve.refuse.schema_table import ROOT, RULES
from bootready.resolve.refuse.violation import Violations
from bootready.typed import Iterable, NamedTuple

_PYTHON_TYPES = {"s": (str,), "i": (int,), "n": (int, float), "b": (bool,), "0": (type(None),)}
_NAMES = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-")
_LOWER_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyz")


def validate(model: Mapping) -> list[Problem]:
    """Return every violation of the schema in `model`, in the order of the file."""
    visitor = _Visitor()
    visitor.visit(model, _rules()[ROOT], model.span)
    return visitor.found.problems


class Facts(NamedTuple):
    """One row of the table."""

    letters: str = ""
    entries: tuple[tuple[str, int], ...] = ()
    patterns: tuple[tuple[str, int], ...] = ()
    closed: bool = False
    required: tuple[str, ...] = ()
    item: int = -1
    unique: bool = False
    choices: tuple[str, ...] = ()
    pattern: str = ""
    minimum: int | None = None
    maximum: int | None = None
    needed: tuple[str, ...] = ()


class Rule:
    """A row, ready for use: its numbers are rules; `plain` are the types that need no more look."""

    __slots__ = (
        "anything",
        "entries",
        "facts",
        "is_list",
        "is_mapping",
        "item",
        "needed",
        "patterns",
        "plain",
        "required",
    )

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.entries: dict[str, Rule] = {}
        self.patterns: list[tuple[str, Rule]] = []
        self.item: Rule | None = None
        self.is_mapping = "o" in facts.letters
        self.is_list = "a" in facts.letters
        self.required = facts.required
        self.needed = facts.needed
        plain = {kind for letter in facts.letters for kind in _PYTHON_TYPES.get(letter, ())}
        if facts.choices or facts.pattern:
            plain.discard(str)
        if facts.minimum is not None:
            plain.discard(int)
        plain.discard(float)  # it may be infinite
        self.plain = frozenset(plain)
        self.anything = len(facts.letters) == len(_PYTHON_TYPES) + 2


_READY: list[Rule] = []


def _rules() -> list[Rule]:
    """Return the rules, made when they are first asked for."""
    if _READY:
        return _READY
    rules = [Rule(Facts(*row)) for row in RULES]
    for rule in rules:
        facts = rule.facts
        rule.entries = {name: rules[number] for name, number in facts.entries}
        rule.patterns = [(pattern, rules[number]) for pattern, number in facts.patterns]
        rule.item = rules[facts.item] if facts.item >= 0 else None
    _READY.extend(rules)
    return _READY


class _Visitor:
    """Walks the tree and the rules side by side; `path` is where it stands."""

    def __init__(self) -> None:
        self.path: list[str | int] = []
        self.found = Violations()

    def visit(self, node: Node, rule: Rule, place: Span) -> None:
        """Check `node`; `place` is what to point at when it should not be what it is."""
        if rule.anything:
            self._anything(node)
        elif isinstance(node, Mapping):
            if rule.is_mapping:
                self._mapping(node, rule, place)
            else:
                self._refuse_type(node, rule, place)
        elif isinstance(node, Sequence):
            if rule.is_list:
                self._sequence(node, rule)
            else:
                self._refuse_type(node, rule, place)
        else:
            self._scalar(node, rule)

    def _anything(self, node: Node) -> None:
        """Check what the schema leaves open: it must be JSON, which has no infinite numbers."""
        children: Iterable[tuple[str | int, Node]]
        if isinstance(node, Scalar):
            if not _is_finite(node.value):
                self.found.not_finite(self._at(node.span), node)
            return
        children = node.entries.items() if isinstance(node, Mapping) else enumerate(node.items)
        for key, child in children:
            if type(child) is not Scalar or type(child.value) is float:
                self.path.append(key)
                self._anything(child)
                self.path.pop()

    def _mapping(self, node: Mapping, rule: Rule, place: Span) -> None:
        entries = rule.entries
        for key, child in node.entries.items():
            known = entries.get(key)
            if known is None:
                self._other_key(node, key, rule)
            elif type(child) is not Scalar or type(child.value) not in known.plain:
                self.path.append(key)
                self.visit(child, known, node.keys.get(key, child.span))
                self.path.pop()
        for key in rule.required:
            if key not in node.entries:
                self.found.missing(self._at(place), (key,))
        if rule.needed and not any(key in node.entries for key in rule.needed):
            self.found.missing(self._at(place), rule.needed)

    def _other_key(self, node: Mapping, key: str, rule: Rule) -> None:
        """Check a key that is not named in the schema."""
        child = node.entries[key]
        matched = False
        for pattern, value_rule in rule.patterns:
            if _matches(pattern, key):
                matched = True
                if type(child) is not Scalar or type(child.value) not in value_rule.plain:
                    self.path.append(key)
                    self.visit(child, value_rule, node.keys.get(key, child.span))
                    self.path.pop()
        if rule.facts.closed and not matched:
            place = Location(node.keys.get(key, child.span), (*self.path, key))
            self.found.unknown_key(place, key, tuple(rule.entries), rule.facts.patterns)
            self.found.beside(node)

    def _sequence(self, node: Sequence, rule: Rule) -> None:
        item_rule = rule.item
        if item_rule is None:
            return
        plain = item_rule.plain
        for index, item in enumerate(node.items):
            if type(item) is not Scalar or type(item.value) not in plain:
                self.path.append(index)
                self.visit(item, item_rule, item.span)
                self.path.pop()
        if rule.facts.unique and len(node.items) > 1:
            self._repeated(node)

    def _repeated(self, node: Sequence) -> None:
        """Find entries that are equal as JSON: 1 is 1.0, but neither "1" nor true."""
        seen: dict[object, int] = {}
        for index, item in enumerate(node.items):
            first = seen.setdefault(_identity(item), index)
            if first != index:
                place = Location(item.span, (*self.path, index))
                self.found.repeated(place, node.items[first], first)

    def _scalar(self, node: Scalar, rule: Rule) -> None:
        value, facts = node.value, rule.facts
        if isinstance(value, bool) or value is None:
            allowed = ("b" if value is not None else "0") in facts.letters
        elif isinstance(value, str):
            allowed = "s" in facts.letters
            if allowed and facts.choices and value not in facts.choices:
                self.found.not_a_choice(self._at(node.span), node, facts.choices)
            elif allowed and facts.pattern and not _found(facts.pattern, value):
                self.found.other_form(self._at(node.span), node, facts.pattern)
        else:
            # JSON knows no integers: 8.0 is one, 8.5 is not
            whole = isinstance(value, int) or value.is_integer()
            allowed = "n" in facts.letters or ("i" in facts.letters and whole)
            low, high = facts.minimum, facts.maximum
            if allowed and not _is_finite(value):
                self.found.not_finite(self._at(node.span), node)
            elif allowed and (
                (low is not None and value < low) or (high is not None and value > high)
            ):
                self.found.out_of_range(self._at(node.span), node, low, high)
        if not allowed:
            self._refuse_type(node, rule, node.span)

    def _refuse_type(self, node: Node, rule: Rule, place: Span) -> None:
        self.found.other_type(self._at(place), node, rule.facts.letters)

    def _at(self, span: Span) -> Location:
        return Location(span, tuple(self.path))


def _matches(pattern: str, key: str) -> bool:
    """Tell whether `key` matches one of the schema's five patterns of keys (RE2's rules)."""
    if pattern == "^x-":
        return key.startswith("x-")
    if pattern == "^[a-zA-Z0-9._-]+$":
        return key != "" and _NAMES.issuperset(key)
    if pattern == "^[a-z]+$":
        return key != "" and _LOWER_LETTERS.issuperset(key)
    if pattern == "^.+$":
        return key != "" and "\n" not in key
    return key.strip("\n") != ""  # .+


def _is_finite(value: object) -> bool:
    """Tell whether `value` is no float that is infinite or no number."""
    return not isinstance(value, float) or value - value == 0


def _found(pattern: str, text: str) -> bool:
    """Tell whether `pattern` is found anywhere in `text`: the schema's are not anchored."""
    import re

    return re.search(pattern.replace("$", r"\Z"), text) is not None


def _identity(node: Node) -> object:
    """Return something hashable that is equal for nodes that are equal as JSON."""
    if isinstance(node, Scalar):
        return (isinstance(node.value, bool), node.value)
    if isinstance(node, Sequence):
        return tuple(_identity(item) for item in node.items)
    return frozenset((key, _identity(value)) for key, value in node.entries.items())
