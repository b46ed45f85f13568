"""What reading and resolving say beside the model: problems, variables, and the uses of variables.

Apart from `model.project`, whose many classes a command that only resolves need not make.
"""

from bootready.model.node import Reference
from bootready.model.position import Location, Span, YamlPath
from bootready.typed import NamedTuple


class Problem(NamedTuple):
    """A reason why Compose refuses the project.

    `kind` is a kebab-case name of the class of problem (``variable-required``, ``schema``,
    ``undefined-network`` ...);
    a `fatal` one (a file that cannot be read or parsed) leaves no model to look at.
    """

    kind: str
    message: str
    location: Location | None
    fatal: bool = False
    subject: str = ""
    """The name that the problem is about: of an ``undefined-`` one, the name without definition."""
    hint: str = ""
    """The next step, in words that can be pasted, or ''."""
    related: tuple[Location, ...] = ()
    """Other places that take part, such as the definition that this one conflicts with."""
    word: str = ""
    """The word at the place that is not known there, '' for other problems."""
    meant: str = ""
    """The only word that it can be a misspelling of, '' for none or several."""
    extent: Span | None = None
    """All of a misspelt attribute, if the right one is beside it and says what it says."""


class Variable(NamedTuple):
    """A variable that interpolation can see: where its value comes from. Never print `value`."""

    name: str
    value: str
    source: str
    """``shell``, ``default`` (set by Compose itself) or the absolute path of the env file."""
    line: int = 0


class Use(NamedTuple):
    """A reference and the path of the value that it stands in."""

    reference: Reference
    path: YamlPath


class Extension(NamedTuple):
    """A service that extends another one; `place` is the `extends`."""

    service: str
    base: str
    base_span: Span
    """Where the base is written."""
    place: Location

    def covers(self, span: Span) -> bool:
        """Tell whether what stands at `span` is part of the base."""
        base = self.base_span
        starts = (base.line, base.column) <= (span.line, span.column)
        ends = (span.end_line, span.end_column) <= (base.end_line, base.end_column)
        return base.file == span.file and starts and ends
