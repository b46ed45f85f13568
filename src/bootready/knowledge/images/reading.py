"""The data files of image families -> what they say, or which of them is broken and how.

Read by ``make docs``, which compiles them, and by tests. bootready itself reads what was compiled.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping

from bootready.knowledge.images.conditions import check_condition
from bootready.knowledge.images.facts import (
    KINDS,
    UNVERIFIED,
    Contents,
    Exclusive,
    Family,
    Scope,
    Source,
)
from bootready.regex import regex
from bootready.typed import Any, NamedTuple

_VERSION = regex(r"\d+(\.\d+)*")
_SCOPE = tuple(Scope._fields)
_TOP = frozenset(
    (
        *("title", "names", "like", "version", "newest", "tags", "variants", "server"),
        *("variables", "file_variables", "sources", "twins"),
    )
)


class Base(NamedTuple):
    """Programs that many images share; nothing else is in an image with a `closed` base."""

    programs: tuple[str, ...]
    absent: tuple[str, ...]
    closed: bool


def read_families(texts: Mapping[str, str]) -> tuple[Family, ...]:
    """Return what the data files say, each given by name and text; bases are no families.

    Raises:
        ValueError: a file is broken; the message names the file and the fact.

    """
    parsed = {name: _parse(name, text) for name, text in sorted(texts.items())}
    bases = {
        name.removesuffix(".toml"): _base(name, data)
        for name, data in parsed.items()
        if "names" not in data
    }
    found: dict[str, Family] = {}
    waiting = {name: data for name, data in parsed.items() if "names" in data}
    while waiting:
        ready = [n for n, d in waiting.items() if d.get("like", "") in {"", *found}]
        if not ready:
            name = next(iter(waiting))
            raise ValueError(f"{name}: `like` names an unknown family '{waiting[name]['like']}'")
        for name in ready:
            data = waiting.pop(name)
            found[name.removesuffix(".toml")] = _family(
                name, data, bases, found.get(_string(name, data, "like"))
            )
    return tuple(found[name] for name in sorted(found))


def _family(
    name: str, data: Mapping[str, object], bases: Mapping[str, Base], like: Family | None
) -> Family:
    unknown = sorted(set(data) - _TOP - set(KINDS))
    if unknown:
        raise ValueError(f"{name}: unknown key '{unknown[0]}'")
    sources = {**(like.sources if like else {}), **_sources(name, data)}
    facts: dict[str, Any] = {}
    for kind, shape in KINDS.items():
        tables = _tables(name, data, kind)
        made = tuple(_fact(f"{name}: {kind}[{n}]", shape, t) for n, t in enumerate(tables))
        for fact in made:
            _check_scope(f"{name}: {kind}", fact.scope, sources)
        if kind == "contents":
            made = tuple(_with_base(name, one, bases) for one in made)
        if kind == "exclusive":
            made += _twins(name, data)
        facts[kind] = made or (getattr(like, kind) if like else ())
    for key in ("variants", "server", "variables", "file_variables"):
        facts[key] = _strings(name, data, key) or (getattr(like, key) if like else ())
    newest = _string(name, data, "newest") or (like.newest if like else "")
    if newest and not _VERSION.fullmatch(newest):
        raise ValueError(f"{name}: `newest` is not a version: '{newest}'")
    tags = _tags(name, data)
    return Family(
        name=name.removesuffix(".toml"),
        title=_string(name, data, "title") or name.removesuffix(".toml"),
        names=_strings(name, data, "names"),
        version=_string(name, data, "version") or (like.version if like else ""),
        newest=newest,
        tags=tags or (like.tags if like else {}),
        sources=sources,
        **facts,
    )


def _fact(where: str, shape: Any, table: Mapping[str, object]) -> Any:  # noqa: ANN401 - one of KINDS
    values: dict[str, Any] = {}
    defaults = shape.defaults()
    scope: dict[str, Any] = {}
    for key, value in table.items():
        if key == "source":
            scope["sources"] = _as(where, key, value, ())
        elif key in _SCOPE:
            scope[key] = _as(where, key, value, Scope._field_defaults[key])
        elif key in defaults:
            values[key] = _as(where, key, value, defaults[key])
        else:
            known = ", ".join(sorted({*defaults, *_SCOPE, "source"}))
            raise ValueError(f"{where}: unknown key '{key}'; known: {known}")
    return shape(scope=Scope(**scope), **values)


def _as(where: str, key: str, value: object, default: object) -> object:
    """Return a value in the shape of its default: a single string stands for a list of one."""
    if isinstance(default, tuple):
        items = [value] if not isinstance(value, list) else value
        kind = int if key == "ports" and all(isinstance(one, int) for one in items) else str
        if not all(isinstance(one, kind) for one in items):
            raise ValueError(f"{where}: `{key}` must be an array of strings")
        return tuple(items)
    if type(value) is not type(default):
        words = {str: "a string", int: "a number", bool: "true or false"}
        raise ValueError(f"{where}: `{key}` must be {words[type(default)]}")
    return value


def _check_scope(where: str, scope: Scope, sources: Mapping[str, Source]) -> None:
    if not scope.sources:
        raise ValueError(f"{where}: a fact has no source")
    for key in scope.sources:
        if key not in sources:
            raise ValueError(f"{where}: unknown source '{key}'")
    for bound in (scope.since, scope.before):
        if bound and not _VERSION.fullmatch(bound):
            raise ValueError(f"{where}: '{bound}' is not a version")
    for condition in (*scope.when, *scope.unless):
        try:
            check_condition(condition)
        except ValueError as error:
            raise ValueError(f"{where}: {error}") from error


def _twins(name: str, data: Mapping[str, object]) -> tuple[Exclusive, ...]:
    """Return that no variable may be set together with its ``_FILE``, where `twins` says so."""
    table = _table(name, data, "twins")
    if not table:
        return ()
    log = _string(name, table, "log")
    scope = Scope(sources=(_string(name, table, "source"),))
    return tuple(
        Exclusive(
            scope=scope,
            variables=(variable, f"{variable}_FILE"),
            log=log.replace("{variable}", variable).replace("{file}", f"{variable}_FILE"),
        )
        for variable in _strings(name, data, "file_variables")
    )


def _with_base(name: str, contents: Contents, bases: Mapping[str, Base]) -> Contents:
    if contents.base and contents.base not in bases:
        raise ValueError(f"{name}: unknown base '{contents.base}'")
    base = bases.get(contents.base, Base((), (), closed=False))
    programs = dict.fromkeys((*base.programs, *contents.programs))
    absent = dict.fromkeys((*(p for p in base.absent if p not in programs), *contents.absent))
    known = {
        "programs": tuple(program for program in programs if program not in contents.absent),
        "absent": tuple(absent),
        "closed": contents.closed or base.closed,
    }
    return Contents(**{**contents.given(), **known})


def _base(name: str, data: Mapping[str, object]) -> Base:
    closed = data.get("closed", False)
    return Base(_strings(name, data, "programs"), _strings(name, data, "absent"), bool(closed))


def _sources(name: str, data: Mapping[str, object]) -> dict[str, Source]:
    found: dict[str, Source] = {}
    for key, value in _table(name, data, "sources").items():
        if not isinstance(value, dict):
            raise ValueError(f"{name}: source '{key}' must be a table")  # noqa: TRY004 - as below
        said = [_string(name, value, field) for field in Source._fields]
        for field, text in zip(Source._fields, said, strict=True):
            if not text:
                raise ValueError(f"{name}: source '{key}' does not say `{field}`")
        if said[-1] != UNVERIFIED and not re.fullmatch(r"\d{4}-\d\d-\d\d", said[-1]):
            raise ValueError(f"{name}: source '{key}': `read` is not a date")
        found[key] = Source(*said)
    return found


def _tags(name: str, data: Mapping[str, object]) -> dict[str, str]:
    tags = _table(name, data, "tags")
    for tag, version in tags.items():
        if not isinstance(version, str) or not _VERSION.fullmatch(version):
            raise ValueError(f"{name}: tag '{tag}' has no version")
    return {tag: str(version) for tag, version in tags.items()}


def _parse(name: str, text: str) -> dict[str, object]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"{name}: {error}") from error


def _tables(name: str, data: Mapping[str, object], key: str) -> list[dict[str, object]]:
    value = data.get(key, [])
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
        raise ValueError(f"{name}: `{key}` must be an array of tables")
    return value


def _table(name: str, data: Mapping[str, object], key: str) -> Mapping[str, object]:
    value = data.get(key, {})
    if not isinstance(value, dict):
        raise ValueError(f"{name}: `{key}` must be a table")  # noqa: TRY004 - a broken file is one kind of error
    return value


def _string(name: str, data: Mapping[str, object], key: str) -> str:
    match data.get(key, ""):
        case str(value):
            return value
        case _:
            raise ValueError(f"{name}: `{key}` must be a string")


def _strings(name: str, data: Mapping[str, object], key: str) -> tuple[str, ...]:
    value = data.get(key, [])
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise ValueError(f"{name}: `{key}` must be an array of strings")
    return tuple(str(one) for one in value)
