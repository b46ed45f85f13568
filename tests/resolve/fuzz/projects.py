"""A strategy for whole projects: files, environment and command-line arguments."""

from __future__ import annotations

from typing import NamedTuple

from hypothesis import strategies as st

from resolve.fuzz.attributes import SERVICE
from resolve.fuzz.emit import Alias, Anchor, Tag, emit
from resolve.fuzz.parts import CONFIGS, MODELS, NETWORKS, SECRETS, SERVICES, VOLUMES, some
from resolve.fuzz.resources import CONFIG, MODEL, NETWORK, SECRET, VOLUME, image
from resolve.fuzz.values import junk, mostly

ENVIRONMENT = {"A": "alpha", "B": "be ta", "NUM": "7", "BOOL": "true", "EMPTY": "", "DOLLAR": "a$b"}
DOTENV = "FROMFILE=file value\nA=shadowed\nSPACE='  x '\n# comment\nQ=\"q${NUM}\"\n"
ENV_FILES = {
    "a.env": "A=fromenv\nE1='x y'\nE2=${NUM}${UNSET:-d}\n\nE3\nexport E4=4 # c\n",
    "b.env": 'A=second\nE1="l1\\nl2"\nE5=$$x\nE6=\n',
}


class Generated(NamedTuple):
    """A project to be written to an empty directory."""

    files: dict[str, str]
    arguments: tuple[str, ...]
    options: tuple[str, ...] = ("--format", "json")
    """Those of ``config`` itself."""
    environment: dict[str, str] = ENVIRONMENT
    directory: str = ""
    """Where it is asked, below where the files are."""
    stdin: str = ""


def _service(focus: list[str]) -> st.SearchStrategy:
    names = st.lists(st.sampled_from(sorted(SERVICE)), max_size=4, unique=True)
    focused = st.lists(st.sampled_from(focus), max_size=2, unique=True)

    def fill(chosen: tuple[list[str], list[str]]) -> st.SearchStrategy:
        keys = dict.fromkeys([*chosen[0], *chosen[1]])
        return st.fixed_dictionaries({key: SERVICE[key] for key in keys})

    return st.tuples(focused, names).flatmap(fill)


def _tagged(value: object, tag: str | None) -> object:
    return value if tag is None else Tag(tag, value)


@st.composite
def _override(draw: st.DrawFn, services: dict, focus: list[str]) -> dict:
    """The services of a file that is merged over another one."""
    made = {}
    for name in services:
        if draw(st.booleans()):
            attributes = draw(_service(focus))
            for key in attributes:
                tag = draw(st.sampled_from([None] * 12 + ["!override", "!reset"]))
                attributes[key] = _tagged(attributes[key], tag)
            made[name] = attributes
    return made


@st.composite
def _base(draw: st.DrawFn, focus: list[str], names: list[str]) -> dict:
    services: dict = {}
    for name in draw(st.lists(st.sampled_from(names), min_size=1, max_size=2, unique=True)):
        attributes = draw(_service(focus))
        if "build" not in attributes or draw(st.booleans()):
            attributes = {"image": draw(image), **attributes}
        services[name] = attributes
    return services


def _resources(draw: st.DrawFn, model: dict) -> None:
    """Declare what services may refer to; mostly all of it."""
    groups = (
        ("networks", NETWORKS[:2], NETWORK, None),
        ("volumes", VOLUMES, VOLUME, None),
        ("secrets", SECRETS, SECRET, {"file": "./pw.txt"}),
        ("configs", CONFIGS, CONFIG, {"content": "c"}),
        ("models", MODELS, MODEL, {"model": "m"}),
    )
    for key, names, fields, simple in groups:
        entries = {}
        for name in names:
            kind = draw(st.integers(0, 9))
            if kind < 8:
                entries[name] = simple
            elif kind == 8:
                drawn = draw(some(fields, most=3))
                entries[name] = {**(simple or {}), **drawn} if isinstance(drawn, dict) else drawn
        if entries:
            model[key] = entries


def _extend(draw: st.DrawFn, services: dict, files: dict[str, str], focus: list[str]) -> None:
    """Let one service extend another one, of this file or of one beside it."""
    base = {"image": "base", **draw(_service(focus))}
    target: object = {"service": "base", "file": "common/base.yaml"}
    if draw(st.integers(0, 2)) == 0:
        services["base"], target = base, draw(st.sampled_from(["base", {"service": "base"}]))
    else:
        files["common/base.yaml"] = emit({"services": {"base": base}})
    services[draw(st.sampled_from(sorted(services.keys() - {"base"})))]["extends"] = target


def _include(draw: st.DrawFn, model: dict, files: dict[str, str], focus: list[str]) -> None:
    """Let the project include another file, sometimes with services of the same name."""
    included = {"services": draw(_base(focus, ["inc", "inc2", "web"]))}
    files["sub/compose.yaml"] = emit(included, flow=draw(st.booleans()))
    if draw(st.booleans()):
        files["sub/.env"] = "SUB=1\nNUM=99\nFROMFILE=sub\n"
    forms = [
        "sub/compose.yaml",
        {"path": "sub/compose.yaml"},
        {"path": ["sub/compose.yaml"], "project_directory": "."},
        {"path": "./sub/compose.yaml", "env_file": "a.env"},
    ]
    model["include"] = [draw(st.sampled_from(forms))]


@st.composite
def projects(draw: st.DrawFn) -> Generated:
    """Draw a project of one to four files."""
    focus = draw(st.lists(st.sampled_from(sorted(SERVICE)), min_size=2, max_size=3, unique=True))
    model: dict = {"name": "fuzz"}
    services = draw(_base(focus, SERVICES))
    if "db" not in services:
        services["db"] = {"image": "db"}
    files = dict(ENV_FILES)
    if draw(st.integers(0, 5)) == 5:
        model["x-common"] = Anchor("common", draw(_service(focus)))
        for attributes in services.values():
            if draw(st.booleans()):
                attributes["<<"] = Alias("common")
    if draw(st.integers(0, 4)) == 4:
        _extend(draw, services, files, focus)
    if draw(st.integers(0, 4)) == 4:
        _include(draw, model, files, focus)
    model["services"] = services
    _resources(draw, model)
    if draw(st.integers(0, 40)) == 40:
        model[draw(st.sampled_from(["x-top", "version", "unknown"]))] = draw(mostly(junk, junk))
    files["compose.yaml"] = emit(model, flow=draw(st.integers(0, 4)) == 4)
    if draw(st.integers(0, 2)) == 2:
        over = {"services": draw(_override(services, focus))}
        if draw(st.integers(0, 3)) == 3:
            over["networks"] = {"front": draw(some(NETWORK, most=3))}
        files["compose.override.yaml"] = emit(over)
    if draw(st.booleans()):
        files[".env"] = DOTENV
    profiles = draw(st.sampled_from([(), (), (), ("--profile", "p1"), ("--profile", "*")]))
    return Generated(files, profiles)
