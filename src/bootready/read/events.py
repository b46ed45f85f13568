"""YAML text -> the events of PyYAML's parser, typed: libyaml where it is compiled in."""

from __future__ import annotations

from collections.abc import Callable

import yaml

from bootready.typed import Protocol, cast

SCALAR: type = yaml.ScalarEvent
ALIAS: type = yaml.AliasEvent
MAPPING: type = yaml.MappingStartEvent
MAPPING_END: type = yaml.MappingEndEvent
SEQUENCE_END: type = yaml.SequenceEndEvent
DOCUMENT: type = yaml.DocumentStartEvent
_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


class Mark(Protocol):
    """A place of PyYAML's; counts from 0."""

    @property
    def line(self) -> int:
        """The line."""

    @property
    def column(self) -> int:
        """The column in it, in characters."""


class Event(Protocol):
    """An event of PyYAML's; which of these are there, its class tells."""

    start_mark: Mark
    end_mark: Mark
    anchor: str | None
    tag: str | None
    value: str
    style: str | None
    flow_style: bool
    version: tuple[int, int] | None


def events(text: str) -> Callable[[], Event]:
    """Return a function that returns the next event of `text`; raises yaml.YAMLError."""
    return cast(Callable[[], Event], _LOADER(text).get_event)
