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
    "Callable",
    "Collection",
    "Iterable",
    "Iterator",
    "Literal",
    "Mapping",
    "NamedTuple",
    "NoReturn",
    "ParamSpec",
    "Protocol",
    "Self",
    "Sequence",
    "TextIO",
    "TypeVar",
    "assert_never",
    "cast",
]

TYPE_CHECKING = False
"""True for type checkers, which know the name."""

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
    from typing import (
        IO,
        Any,
        Literal,
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
    from _collections import _tuplegetter  # as the standard library's own namedtuple reads a field
    from _collections_abc import (
        Callable,
        Collection,
        Iterable,
        Iterator,
        Mapping,
        Sequence,
    )

    IO = Any = Literal = NoReturn = Self = TextIO = (
        None  # of annotations alone, which nobody evaluates
    )

    def cast(_kind, value):
        """Return `value`."""
        return value

    FunctionType = type(cast)

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
                "__new__": _new(body["__qualname__"], fields, defaults),
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

    def _new(name, fields, defaults):
        """Return the constructor of a record; its parameters are called as the fields are.

        It is a ready one with other names. `typing` compiles a text for each: the first text that
        is compiled in a process makes Python build its syntax tree, ten million instructions.
        """
        if len(fields) >= len(_MAKERS):
            raise TypeError(f"{name}: a record has less than {len(_MAKERS)} fields")
        code = _MAKERS[len(fields)].__code__
        names = {"co_name": "__new__", "co_qualname": f"{name}.__new__"}
        made = FunctionType(code.replace(co_varnames=("_cls", *fields), **names), globals())
        made.__defaults__ = tuple(defaults.values())
        return made

    new = tuple.__new__
    # fmt: off
    _MAKERS = (
        lambda _cls: new(_cls, ()),
        lambda _cls, a: new(_cls, (a,)),
        lambda _cls, a, b: new(_cls, (a, b)),
        lambda _cls, a, b, c: new(_cls, (a, b, c)),
        lambda _cls, a, b, c, d: new(_cls, (a, b, c, d)),
        lambda _cls, a, b, c, d, e: new(_cls, (a, b, c, d, e)),
        lambda _cls, a, b, c, d, e, f: new(_cls, (a, b, c, d, e, f)),
        lambda _cls, a, b, c, d, e, f, g: new(_cls, (a, b, c, d, e, f, g)),
        lambda _cls, a, b, c, d, e, f, g, h: new(_cls, (a, b, c, d, e, f, g, h)),
        lambda _cls, a, b, c, d, e, f, g, h, i: new(_cls, (a, b, c, d, e, f, g, h, i)),
        lambda _cls, a, b, c, d, e, f, g, h, i, j: new(_cls, (a, b, c, d, e, f, g, h, i, j)),
        lambda _cls, a, b, c, d, e, f, g, h, i, j, k: new(
            _cls, (a, b, c, d, e, f, g, h, i, j, k)
        ),
        lambda _cls, a, b, c, d, e, f, g, h, i, j, k, m: new(
            _cls, (a, b, c, d, e, f, g, h, i, j, k, m)
        ),
        lambda _cls, a, b, c, d, e, f, g, h, i, j, k, m, n: new(
            _cls, (a, b, c, d, e, f, g, h, i, j, k, m, n)
        ),
        lambda _cls, a, b, c, d, e, f, g, h, i, j, k, m, n, p: new(
            _cls, (a, b, c, d, e, f, g, h, i, j, k, m, n, p)
        ),
        lambda _cls, a, b, c, d, e, f, g, h, i, j, k, m, n, p, q: new(
            _cls, (a, b, c, d, e, f, g, h, i, j, k, m, n, p, q)
        ),
        lambda _cls, a, b, c, d, e, f, g, h, i, j, k, m, n, p, q, r: new(
            _cls, (a, b, c, d, e, f, g, h, i, j, k, m, n, p, q, r)
        ),
        lambda _cls, a, b, c, d, e, f, g, h, i, j, k, m, n, p, q, r, s: new(
            _cls, (a, b, c, d, e, f, g, h, i, j, k, m, n, p, q, r, s)
        ),
        lambda _cls, a, b, c, d, e, f, g, h, i, j, k, m, n, p, q, r, s, t: new(
            _cls, (a, b, c, d, e, f, g, h, i, j, k, m, n, p, q, r, s, t)
        ),
        lambda _cls, a, b, c, d, e, f, g, h, i, j, k, m, n, p, q, r, s, t, u: new(
            _cls, (a, b, c, d, e, f, g, h, i, j, k, m, n, p, q, r, s, t, u)
        ),
        lambda _cls, a, b, c, d, e, f, g, h, i, j, k, m, n, p, q, r, s, t, u, v: new(
            _cls, (a, b, c, d, e, f, g, h, i, j, k, m, n, p, q, r, s, t, u, v)
        ),
        lambda _cls, a, b, c, d, e, f, g, h, i, j, k, m, n, p, q, r, s, t, u, v, w: new(
            _cls, (a, b, c, d, e, f, g, h, i, j, k, m, n, p, q, r, s, t, u, v, w)
        ),
        lambda _cls, a, b, c, d, e, f, g, h, i, j, k, m, n, p, q, r, s, t, u, v, w, x: new(
            _cls, (a, b, c, d, e, f, g, h, i, j, k, m, n, p, q, r, s, t, u, v, w, x)
        ),
        lambda _cls, a, b, c, d, e, f, g, h, i, j, k, m, n, p, q, r, s, t, u, v, w, x, y: new(
            _cls, (a, b, c, d, e, f, g, h, i, j, k, m, n, p, q, r, s, t, u, v, w, x, y)
        ),
    )
    # fmt: on

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
