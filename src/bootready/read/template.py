"""A text with ``$NAME`` and ``${NAME:-default}`` in it -> the text with values, and every use.

The grammar is Compose's (compose-go, template/template.go): greedy to the last brace of the line,
then cut at the balanced one. Faults are gathered; Compose stops at the first.
"""

from bootready.typed import Callable, NamedTuple

Lookup = Callable[[str], str | None]
"""Returns a variable's value, or None where it is not set."""

GROWTH_LIMIT = 1_048_576
"""Characters that the values in one template may have; what doubles itself has more soon."""
DEPTH_LIMIT = 60
"""Levels of variables in defaults of variables."""
_FIRST = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_")
_LATER = _FIRST | frozenset("0123456789")
"""What names of variables are made of."""
_OPERATORS = frozenset("-+?")


class _Start(NamedTuple):
    """How a variable begins, from its ``$`` at `start` to `end`, before its argument."""

    start: int
    end: int
    kind: str
    """``$`` for ``$$``, ``}`` for one that is whole, ``{`` for one with an operator, else ''."""
    name: str = ""
    operator: str = ""


class Use(NamedTuple):
    """One variable in a template; `start` and `end` count characters from the template's start."""

    name: str
    start: int
    end: int
    operator: str
    argument: str
    is_set: bool
    is_used: bool


class Fault(NamedTuple):
    """Why a template has no value: `kind` is ``interpolation-syntax`` or
    ``required-variable-unset``.
    """

    kind: str
    subject: str
    message: str
    start: int
    end: int
    unquoted: str = ""
    """What to say where the template is a secret, '' if `message` quotes nothing of it."""


class Filled(NamedTuple):
    """What became of a template; where there are faults, `text` is not to be used."""

    text: str
    uses: tuple[Use, ...]
    faults: tuple[Fault, ...]


def fill(template: str, lookup: Lookup) -> Filled:
    """Return `template` with the values of its variables, unset ones as ''."""
    filling = _Filling(lookup)
    text = filling.text(template, 0, used=True)
    return Filled(text, tuple(filling.uses), tuple(filling.faults))


class _Filling:
    """One run over a template and all that is nested in it."""

    def __init__(self, lookup: Lookup) -> None:
        self.lookup = lookup
        self.uses: list[Use] = []
        self.faults: list[Fault] = []
        self.depth = 0
        self.grown = 0

    def text(self, template: str, offset: int, *, used: bool) -> str:
        """Return the text of `template`, which starts at `offset` of the whole one."""
        parts: list[str] = []
        position = 0
        braceless = 0
        while found := _start_in(template, position):
            parts.append(template[position : found.start])
            position = found.end
            if found.kind == "$":
                parts.append("$")
            elif found.kind == "}":
                parts.append(self.plain(found, offset, used=used))
            else:
                end = -1
                if found.kind == "{" and position >= braceless:
                    end = _end_of(template, found)
                    if end < 0:  # nor does a brace close another one on this line
                        braceless = max(template.find("\n", position), 0) or len(template)
                if end < 0:
                    self.refuse(template, found, offset, used=used)
                else:
                    parts.append(self.operated(template, found, end, offset, used=used))
                    position = end
        parts.append(template[position:])
        return "".join(parts)

    def plain(self, found: _Start, offset: int, *, used: bool) -> str:
        value = self.lookup(found.name)
        place = offset + found.start, offset + found.end
        self.uses.append(Use(found.name, *place, "", "", value is not None, used))
        return self.grow(value or "", *place)

    def operated(self, template: str, found: _Start, end: int, offset: int, *, used: bool) -> str:
        """Return the text of ``${NAME:-argument}``, which ends before `end`."""
        name, operator = found.name, found.operator
        argument = template[found.end : end - 1]
        value = self.lookup(name)
        place = offset + found.start, offset + end
        self.uses.append(Use(name, *place, operator, argument, value is not None, used))
        has_value = value is not None and (value != "" or operator[0] != ":")
        takes = has_value == (operator[-1] == "+")
        inner = self.nested(argument, offset + found.end, used=used and takes)
        if not takes:
            return self.grow(value or "", *place)
        if operator[-1] != "?":
            return inner
        if used:
            state = "empty" if value == "" else "not set"
            reason = f": {inner}" if inner else ""
            message = f"variable '{name}' is required and {state}{reason}"
            self.faults.append(Fault("required-variable-unset", name, message, *place))
        return ""

    def grow(self, value: str, start: int, end: int) -> str:
        """Return `value`, or '' and a fault once all values together are too long."""
        before, self.grown = self.grown, self.grown + len(value)
        if self.grown <= GROWTH_LIMIT:
            return value
        if before <= GROWTH_LIMIT:
            message = f"the values of its variables have more than {GROWTH_LIMIT} characters"
            self.faults.append(Fault("interpolation-syntax", "", message, start, end))
        return ""

    def nested(self, argument: str, offset: int, *, used: bool) -> str:
        if "$" not in argument:
            return argument
        if self.depth == DEPTH_LIMIT:
            if used:
                message = f"variables nested deeper than {DEPTH_LIMIT} levels"
                place = offset, offset + len(argument)
                self.faults.append(Fault("interpolation-syntax", "", message, *place))
            return ""
        self.depth += 1
        text = self.text(argument, offset, used=used)
        self.depth -= 1
        return text

    def refuse(self, template: str, found: _Start, offset: int, *, used: bool) -> None:
        if not used:
            return
        start = found.start
        shown = template[start : start + 30].split("\n", 1)[0]
        said = "is not a valid variable; write `$$` for a literal `$`"
        place = offset + start, offset + max(found.end, start + 2)
        message, unquoted = f"'{shown}' {said}", f"what begins with `$` here {said}"
        self.faults.append(Fault("interpolation-syntax", "", message, *place, unquoted))


def _start_in(template: str, position: int) -> _Start | None:
    """Return how the first variable from `position` on begins, None where there is none.

    Without an expression, which costs more to compile than a small project has variables.
    """
    start = template.find("$", position)
    while start >= 0:
        following = template[start + 1 : start + 2]
        if following == "$":
            return _Start(start, start + 2, "$")
        if following == "{":
            return _braced(template, start)
        if following in _FIRST:
            end = _name_end(template, start + 1)
            return _Start(start, end, "}", template[start + 1 : end])
        start = template.find("$", start + 1)
    return None


def _braced(template: str, start: int) -> _Start:
    end = _name_end(template, start + 2)
    name = template[start + 2 : end]
    if name and template[end : end + 1] == "}":
        return _Start(start, end + 1, "}", name)
    sign = end + (template[end : end + 1] == ":")
    if name and template[sign : sign + 1] in _OPERATORS:
        return _Start(start, sign + 1, "{", name, template[end : sign + 1])
    return _Start(start, end, "", name)


def _name_end(template: str, start: int) -> int:
    """Return where the name ends that is at `start`; `start` itself where there is none."""
    if template[start : start + 1] not in _FIRST:
        return start
    end = start + 1
    while template[end : end + 1] in _LATER:
        end += 1
    return end


def _end_of(template: str, found: _Start) -> int:
    """Return where the braced variable ends, or -1 where no brace closes it on its line."""
    line_end = template.find("\n", found.end)
    last = template.rfind("}", found.end, line_end if line_end >= 0 else len(template))
    if last < 0:
        return -1
    depth = 0
    position = found.start
    while position <= last:
        character = template[position]
        if character == "}":
            depth -= 1
            if depth == 0:
                return position + 1
        elif character == "{":
            depth += 1
            # compose-go skips the character after an opening brace (getFirstBraceClosingIndex).
            position += 1
        position += 1
    return last + 1
