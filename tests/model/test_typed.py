"""Our records behave as those of `typing.NamedTuple`, which they are to every type checker."""

from __future__ import annotations

import copy
import pickle
import re
import typing

import pytest

from bootready import typed
from bootready.regex import regex

FIELDS = {"name": "str", "port": "int", "tags": "tuple[str, ...]"}


class Ours(typed.NamedTuple):
    """A record."""

    name: str
    port: int = 80
    tags: tuple[str, ...] = ()

    @property
    def place(self) -> str:
        return f"{self.name}:{self.port}"


class Theirs(typing.NamedTuple):
    """A record."""

    name: str
    port: int = 80
    tags: tuple[str, ...] = ()

    @property
    def place(self) -> str:
        return f"{self.name}:{self.port}"


class Derived(Ours):
    def __str__(self) -> str:
        return self.place


CALLS = [
    lambda kind: kind("a"),
    lambda kind: kind("a", 1),
    lambda kind: kind("a", 1, ("b",)),
    lambda kind: kind(name="a"),
    lambda kind: kind("a", tags=("b",)),
    lambda kind: kind("a")._replace(port=3),
    lambda kind: kind._make(["a", 1, ()]),
    lambda kind: copy.deepcopy(kind("a", 2)),
    lambda kind: pickle.loads(pickle.dumps(kind("a", 2))),
]
REFUSED = [
    lambda kind: kind(),
    lambda kind: kind("a", 1, (), 4),
    lambda kind: kind("a", other=1),
    lambda kind: kind("a", name="b"),
    lambda kind: kind("a")._replace(other=1),
    lambda kind: setattr(kind("a"), "port", 1),
    lambda kind: setattr(kind("a"), "other", 1),
]


@pytest.mark.parametrize("call", CALLS)
def test_a_record_is_made_as_one_of_typing(call):
    ours, theirs = call(Ours), call(Theirs)
    assert type(ours) is Ours
    assert tuple(ours) == tuple(theirs)
    assert repr(ours) == repr(theirs).replace("Theirs", "Ours")
    assert ours._asdict() == theirs._asdict()
    assert ours.place == theirs.place
    assert ours == tuple(theirs)
    assert hash(ours) == hash(theirs)


@pytest.mark.parametrize("call", REFUSED)
def test_what_typing_refuses_is_refused(call):
    with pytest.raises((TypeError, ValueError, AttributeError)) as theirs:
        call(Theirs)
    with pytest.raises(theirs.type):
        call(Ours)


@pytest.mark.parametrize("name", ["_fields", "_field_defaults", "__match_args__", "__doc__"])
def test_a_record_says_of_itself_what_one_of_typing_says(name):
    assert getattr(Ours, name) == getattr(Theirs, name)


def test_a_class_that_derives_from_a_record_stays_itself():
    assert type(Derived("a")) is Derived
    assert str(Derived("a")._replace(port=1)) == "a:1"
    assert type(Ours("a")) is Ours


def test_a_field_without_a_default_may_not_follow_one_with():
    with pytest.raises(TypeError, match="follows one with"):

        class Wrong(typed.NamedTuple):
            port: int = 80
            name: str


def test_a_record_without_fields_can_be_made():
    class Nothing(typed.NamedTuple):
        pass

    assert Nothing() == ()


@pytest.mark.parametrize("count", range(1, 24))
def test_a_record_may_have_many_fields(count):
    names = [f"field{number}" for number in range(count)]
    body = {"__annotations__": dict.fromkeys(names, "int"), "__qualname__": "Many", names[-1]: 7}
    many = type(typed.NamedTuple)("Many", (typed.NamedTuple,), body)
    assert many(*range(count - 1)) == (*range(count - 1), 7)
    assert many(**{name: name for name in names})._asdict() == {name: name for name in names}
    with pytest.raises(TypeError, match=r"Many\.__new__\(\)"):
        many(*range(count + 1))


def test_a_constructor_is_a_ready_one_with_other_names():
    """Where a text is compiled for it, Python builds its syntax tree first: 10 M instructions."""
    assert Ours.__new__.__code__.co_filename == typed.__file__
    assert Ours.__new__.__code__.co_varnames == ("_cls", "name", "port", "tags")


def test_an_expression_is_compiled_when_it_is_first_used():
    broken = regex("(")
    with pytest.raises(re.error):
        broken.search("")
    assert regex("A", re.IGNORECASE).fullmatch("a")
    assert regex("a|b").pattern == "a|b"
