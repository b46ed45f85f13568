"""The names of `typing` that our modules need when they run, without importing it.

`typing` and a class made by its `NamedTuple` are 3 ms and 0.14 ms of every start; there are some
eighty such classes. Type checkers read the branch that is never run, so that a record is to them
what it always was. ADR 51 has the figures. A module that asks for more than these names at run
time, such as `get_type_hints`, imports `typing` itself.
"""

from __future__ import annotations

__all__ = [
    "IO",
    "TYPE_CHECKING",
    "Any",
    "NamedTuple",
    "NoReturn",
    "ParamSpec",
    "Protocol",
    "Self",
    "TextIO",
    "TypeVar",
    "assert_never",
    "cast",
]

TYPE_CHECKING = False
"""True for type checkers, which know the name."""

if TYPE_CHECKING:
    from typing import (
        IO,
        Any,
        NamedTuple,
        NoReturn,
        ParamSpec,
        Protocol,
        Self,
        TextIO,
        TypeVar,
        assert_never,
        cast,
    )
else:
    from collections import _tuplegetter  # as the standard library's own namedtuple reads a field

    IO = Any = NoReturn = Self = TextIO = None  # of annotations alone, which nobody evaluates

    def cast(_kind, value):
        """Return `value`."""
        return value

    def assert_never(value):
        """Raise AssertionError: `value` is one that the branches above forgot."""
        raise AssertionError(f"unexpected: {value!r}")

    def TypeVar(name, *_constraints):  # noqa: N802  # stands for the class of this name
        """Return the name, which nothing looks at."""
        return name

    class ParamSpec:
        """Stands in annotations alone."""

        def __init__(self, name):
            self.__name__ = name

    class Protocol:
        """What a class must have; nothing at run time."""

    class _Records(type):
        """Makes of a class body with annotations a tuple with named fields, as `typing` does."""

        def __new__(cls, name, bases, body):
            if not bases:
                return type.__new__(cls, name, bases, body)
            fields = tuple(body.get("__annotations__", ()))
            defaults = {field: body[field] for field in fields if field in body}
            body.update(
                (field, _tuplegetter(position, None)) for position, field in enumerate(fields)
            )
            body |= {
                "__slots__": (),
                "__match_args__": fields,
                "__new__": _first_new(fields, defaults),
                "__getnewargs__": _plain,
                "_fields": fields,
                "_field_defaults": defaults,
                "_make": classmethod(tuple.__new__),
                "_replace": _replace,
                "_asdict": _asdict,
            }
            body.setdefault("__repr__", _repr)
            record = type(name, (tuple,), body)
            _check_order(record)
            return record

    class NamedTuple(metaclass=_Records):
        """The base of a record: an immutable tuple whose fields have names."""

    def _first_new(fields, defaults):
        """Return a constructor that puts a quick one in its place when it is first called.

        The quick one is compiled, which costs more than the rest of the class: many records of a
        start are never made.
        """

        def make(cls, *given, **named):
            owner = next(kind for kind in cls.__mro__ if kind.__dict__.get("__new__") is first)
            arguments = ", ".join(
                f"{field}=defaults[{field!r}]" if field in defaults else field for field in fields
            )
            made = ", ".join(fields) + ("," if fields else "")
            known = {"defaults": defaults, "new": tuple.__new__}
            text = f"lambda _cls, {arguments}: new(_cls, ({made}))"
            # Compiled first: Ctrl-C while a string is evaluated ends Python by the signal.
            quick = eval(compile(text, f"<{owner.__qualname__}>", "eval"), known)  # noqa: S307
            quick.__name__, quick.__qualname__ = "__new__", f"{owner.__qualname__}.__new__"
            owner.__new__ = staticmethod(quick)
            return quick(cls, *given, **named)

        first = staticmethod(make)
        return first

    def _check_order(record):
        """Raise TypeError where a field without a default follows one that has one."""
        with_default = [field in record._field_defaults for field in record._fields]
        if with_default != sorted(with_default):
            raise TypeError(f"{record.__name__}: a field without a default follows one with")

    def _replace(self, /, **named):
        """Return a copy with the named fields changed. Raises ValueError for an unknown one."""
        made = self._make(map(named.pop, self._fields, self))
        if named:
            raise ValueError(f"{type(self).__name__} has no fields {sorted(named)}")
        return made

    def _plain(self):
        """Return the values alone, for `copy` and `pickle`."""
        return tuple(self)

    def _asdict(self):
        """Return the fields by name."""
        return dict(zip(self._fields, self, strict=True))

    def _repr(self):
        inner = ", ".join(f"{name}={value!r}" for name, value in self._asdict().items())
        return f"{type(self).__name__}({inner})"
