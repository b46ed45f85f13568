"""A strategy for projects of many files: includes, extends over directories, overrides, selection.

Where `projects` asks what each attribute means, this asks where it comes from: which file, which
directory, which variables, and what of it survives a merge, a reset, a profile or an option.
"""

# One alternative is one line, however long.
# ruff: noqa: E501
from __future__ import annotations

from typing import NamedTuple

from hypothesis import strategies as st

from resolve.fuzz.attributes import SERVICE
from resolve.fuzz.emit import Alias, Anchor, Tag, emit
from resolve.fuzz.files import DOTENVS, env_text, label_text
from resolve.fuzz.projects import ENVIRONMENT, Generated
from resolve.fuzz.values import mostly

DIRECTORIES = ("", "sub", "sub/deep", "common")
NAMES = ("web", "app", "db")
UNLIKELY = {
    "depends_on",
    "links",
    "volumes_from",
    "network_mode",
    "ipc",
    "pid",
    "extends",
    "env_file",
    "provider",
}
RELATIVE = ("./x", "x/y", "../z", ".", "~/h", "${DIR}/x", "${UNSET:-./d}", "/abs", "./a/../b/", "")
relative = st.sampled_from(RELATIVE)
env_file = mostly(
    st.sampled_from(["a.env", "./b.env", "a.env"]),
    st.sampled_from(["no.env", "${DIR}/a.env", "../a.env", ""]),
    25,
)
env_file_entry = st.one_of(
    env_file,
    st.builds(
        lambda p: {"path": p, "required": False}, st.sampled_from(["no.env", "a.env", "sub/no.env"])
    ),
    st.builds(lambda p: {"path": p, "format": "raw"}, st.sampled_from(["a.env", "b.env"])),
)
PATHS = {
    "build": st.one_of(
        relative,
        st.fixed_dictionaries(
            {"context": st.one_of(relative, st.just("https://g.it/x.git"))},
            optional={
                "dockerfile": relative,
                "additional_contexts": st.sampled_from([{"r": "./x"}, ["r=../x", "s=docker-image://a"], {"r": "service:db"}, {"q": "~/x"}]),
                "ssh": st.sampled_from([["default"], {"default": None}]),
                "args": st.sampled_from([{"A": None}, ["A", "B=1"], {"UNSET": None, "C": "${SUB:-none}"}]),
                "secrets": st.just(["pw"]),
                "tags": st.just(["t:${SUB:-1}"]),
                "labels": st.sampled_from([["l=1"], {"l": "2"}]),
            },
        ),
    ),
    "env_file": st.one_of(env_file, st.lists(env_file_entry, max_size=3)),
    "label_file": mostly(st.sampled_from(["l.labels", ["l.labels", "./l.labels"], ["./l.labels"]]), st.just("../l.labels"), 20),
    "volumes": st.lists(
        st.one_of(
            st.sampled_from(["./v:/v", "../v:/v:ro", "data:/d", "~/v:/h", "${DIR}/v:/w", "/anon", ".:/a"]),
            st.builds(lambda s, t: {"type": "bind", "source": s, "target": t}, relative, st.sampled_from(["/v", "/q"])),
            st.sampled_from([{"type": "volume", "source": "cache", "target": "/d"}, {"type": "tmpfs", "target": "/v"}]),
        ),
        max_size=3,
    ),
    "develop": st.builds(
        lambda p, q: {"watch": [{"path": p, "action": "sync", "target": "/t", "ignore": ["x/"]}, {"path": q, "action": "rebuild"}]},
        st.sampled_from(["./w", "../w", "${DIR}/w"]), st.sampled_from(["w", "."]),
    ),
    "secrets": st.sampled_from([["pw"], [{"source": "pw", "target": "t"}], ["pw", "key"], [{"source": "key", "mode": 0o400}]]),
    "configs": st.sampled_from([["conf"], [{"source": "conf", "target": "/t"}]]),
    "environment": st.sampled_from([{"A": None, "SUB": None}, ["A", "SUB", "X=${SUB:-none}"], {"F": "${FROMFILE-none}", "D": "${DIR}"}, {"A": ""}, ["E1", "A=1", "A=2"], {"P": "${COMPOSE_PROJECT_NAME:-no}"}]),
    "pre_start": st.builds(lambda s: [{"command": ["a"], "volumes": [{"type": "bind", "source": s, "target": "/p"}]}], st.sampled_from(["./p", "../p"])),
}  # fmt: skip
SHAPE = {
    "profiles": st.lists(st.sampled_from(["p1", "p2", "${SUB:-p3}"]), max_size=2),
    "networks": st.sampled_from([["front"], {"front": {"aliases": ["z"]}}, {"front": None, "back": None}, {"default": {"priority": 3}}]),
    "network_mode": st.just("host"),
    "scale": st.sampled_from([0, 2]),
    "container_name": st.sampled_from(["c1", "c_${SUB:-x}"]),
    "models": st.sampled_from([["llm"], {"llm": {"endpoint_var": "E"}}]),
    "logging": st.sampled_from([{"driver": "json-file", "options": {"tag": "a"}}, {"driver": "syslog"}, {"options": {"x": 1}}]),
    "healthcheck": st.sampled_from([{"test": "a b"}, {"test": ["CMD", "x"], "interval": "5s"}, {"disable": True}, {"retries": 3}]),
    "command": st.sampled_from(["a b", ["c"], None, []]),
    "ports": st.lists(st.sampled_from(["80:80", "8080:80", "80", {"target": 80, "published": "9"}, "90-91:90-91", "127.0.0.1:80:80"]), max_size=2),
    "deploy": st.sampled_from([{"replicas": 2}, {"resources": {"limits": {"memory": "1g"}}}, {"labels": ["a=b"]}, {"placement": {"constraints": ["x"]}}]),
}  # fmt: skip
LABELS = st.sampled_from([{"a": "b"}, ["a=b", "a=c"], ["a=b"], ["a=c", "k"], {}])
EVERY = {**SERVICE, **SHAPE, **PATHS}


def _toward(others: tuple[str, ...]) -> dict[str, st.SearchStrategy]:
    """The attributes that name other services; `others` are those that this one may depend on."""
    other = st.sampled_from(others)
    return {
        "depends_on": st.one_of(
            st.lists(other, min_size=1, max_size=2, unique=True),
            st.dictionaries(
                other,
                st.fixed_dictionaries(
                    {"condition": st.sampled_from(["service_started", "service_healthy"])},
                    optional={"required": st.sampled_from([True, False, False]), "restart": st.booleans()},
                ),
                min_size=1, max_size=2,
            ),
            st.just({"nope": {"condition": "service_started", "required": False}}),
        ),
        "network_mode": other.map(lambda name: f"service:{name}"),
        "links": other.map(lambda name: [f"{name}:x"]),
        "volumes_from": other.map(lambda name: [f"{name}:ro"]),
        "ipc": other.map(lambda name: f"service:{name}"),
    }  # fmt: skip


@st.composite
def service(draw: st.DrawFn, others: tuple[str, ...] = (), most: int = 4) -> dict:
    """Attributes, those with paths or names of others in them most often."""
    known = {**EVERY, **(_toward(others) if others else {})}
    likely = [*PATHS, *PATHS, *SHAPE, *(_toward(others) if others else ())]
    chosen = draw(st.lists(st.sampled_from(likely), max_size=most, unique=True))
    if draw(st.integers(0, 7)) == 7:
        chosen.append(draw(st.sampled_from(sorted(SERVICE.keys() - UNLIKELY))))
    made = {key: draw(known[key]) for key in dict.fromkeys(chosen)}
    if "network_mode" in made:
        made.pop("networks", None)
    return made


def _resources(draw: st.DrawFn, kind: int, *, most: bool = True) -> dict:
    """The other elements; `kind` says which of the attributes that exclude each other."""
    key = [{"file": "./k"}, {"environment": "A"}, {"external": True}, {"file": "../k"}][kind]
    conf = [
        {"file": "./c"},
        {"content": "x ${SUB:-none}"},
        {"environment": "SUB"},
        {"file": "../c"},
    ][kind]
    made: dict = {
        "volumes": {
            "data": draw(st.sampled_from([None, {}, {"name": "v_${SUB:-x}"}, {"driver": "local", "driver_opts": {"type": "none", "o": "bind", "device": "./dev"}}])),
            "cache": draw(st.sampled_from([None, {"labels": {"a": "c"}}, {"labels": ["a=b"]}, {"driver_opts": {"a": 1}}])),
        },
        "secrets": {"pw": {"file": draw(relative), "labels": draw(LABELS)}, "key": key},
        "configs": {"conf": conf},
        "networks": {
            "front": draw(st.sampled_from([None, {"name": "f_${DIR}"}, {"driver_opts": {"a": 1}}, {"ipam": {"config": [{"subnet": "10.0.0.0/24"}]}}])),
            "back": draw(st.sampled_from([None, {"internal": True}, {"labels": {"k": "v"}}])),
        },
        "models": {"llm": {"model": "m/${SUB:-x}"}},
    }  # fmt: skip
    left_out = st.integers(0, 60) if most else st.integers(0, 1)
    return {name: made[name] for name in made if draw(left_out)}


class _Tree:
    """The files of one project, being drawn."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw
        self.files: dict[str, str] = {}
        self.kind = draw(st.integers(0, 3))

    def make(self) -> None:
        draw = self.draw
        for directory in DIRECTORIES:
            below = f"{directory}/" if directory else ""
            for name in ("a.env", "b.env"):
                self.files[below + name] = draw(env_text)
            self.files[below + "l.labels"] = draw(label_text)
            if directory and draw(st.booleans()):
                self.files[below + ".env"] = draw(st.sampled_from(DOTENVS))
        self.files["common/base.yaml"] = emit(self.family(extends="../common/deeper.yaml"))
        self.files["common/deeper.yaml"] = emit(self.family(extends="deeper.yaml"))
        self.files["sub/deep/compose.yaml"] = emit(
            self.model(names=("app", "deep"), common="../../common")
        )
        self.files["sub/other.yaml"] = emit(
            self.model(names=("other", "web"), common="../common", most=1)
        )
        deep = st.sampled_from(
            [
                None,
                ["deep/compose.yaml"],
                [{"path": "./deep/compose.yaml", "env_file": "a.env"}],
                [{"path": "deep/compose.yaml", "project_directory": "."}],
            ]
        )
        self.files["sub/compose.yaml"] = emit(
            self.model(names=("sub", "db"), common="../common", include=draw(deep))
        )
        self.files["compose.yaml"] = emit(self.root(), flow=draw(st.integers(0, 7)) == 7)

    def root(self) -> dict:
        model = self.model(
            names=NAMES,
            common="common",
            include=self.includes() if self.draw(st.booleans()) else None,
        )
        name = self.draw(st.sampled_from([None, None, "fuzz", "Fu.zz", "${SUB:-named}", "_x"]))
        return model if name is None else {"name": name, **model}

    def includes(self) -> list:
        path = st.sampled_from(
            [
                "sub/compose.yaml",
                "./sub/compose.yaml",
                "sub/deep/compose.yaml",
                "${DIR}/compose.yaml",
                "sub/other.yaml",
            ]
        )
        env = st.sampled_from(
            ["a.env", "sub/a.env", ["a.env", "sub/b.env"], "/dev/null", [], "./sub/.env", "no.env"]
        )
        entry = st.one_of(
            path,
            st.fixed_dictionaries(
                {"path": st.one_of(path, st.sampled_from([["sub/compose.yaml", "sub/over.yaml"], ["sub/other.yaml", "sub/compose.yaml"], ["sub/compose.yaml", "over.yaml"]]))},
                optional={"project_directory": st.sampled_from([".", "sub", "./sub/deep", "..", "${DIR}", "common"]), "env_file": mostly(env, st.just("no.env"), 10)},
            ),
        )  # fmt: skip
        self.files["sub/over.yaml"] = emit(self.override(("sub", "db")))
        return self.draw(st.lists(entry, min_size=1, max_size=2))

    def family(self, extends: str) -> dict:
        """Services that others extend, perhaps themselves extending others."""
        draw = self.draw
        services = {}
        for name in ("base", "other"):
            services[name] = {
                "image": "b",
                **draw(service(("other",) if draw(st.integers(0, 9)) == 0 else ())),
            }
            if name == "base" and draw(st.booleans()):
                services[name]["extends"] = draw(
                    st.sampled_from(
                        [{"service": "other"}, {"service": "other", "file": extends}, "other"]
                    )
                )
        if draw(st.integers(0, 9)) == 0:
            services["base"] = self.sprinkled(services["base"])
        made: dict = {"services": services}
        if draw(st.integers(0, 5)) == 0:
            made["include"] = ["../sub/compose.yaml"]
        return made

    def model(
        self, names: tuple[str, ...], common: str, include: object = None, most: int = 3
    ) -> dict:
        draw = self.draw
        services = {}
        shared = draw(st.integers(0, 6)) == 0
        made: dict = {"x-common": Anchor("c", draw(service(most=2)))} if shared else {}
        for index, name in enumerate(names):
            attributes = draw(service(names[index + 1 :], most=most))
            if "build" not in attributes:
                attributes = {
                    "image": draw(st.sampled_from(["i", "i:${SUB:-t}", "${A}"])),
                    **attributes,
                }
            if shared and draw(st.booleans()):
                attributes["<<"] = Alias("c")
            if draw(st.integers(0, 2)) == 0:
                attributes["extends"] = draw(
                    st.sampled_from(
                        [
                            {"service": "base", "file": f"{common}/base.yaml"},
                            {"service": "base", "file": f"./{common}/deeper.yaml"},
                            {"service": "sub", "file": f"{common}/../sub/compose.yaml"},
                            *[names[-1]] * (index + 1 < len(names)),
                        ]
                    )
                )
            services[name] = attributes
        if include is not None:
            made["include"] = include
        return {**made, "services": services, **_resources(draw, self.kind)}

    def override(self, names: tuple[str, ...]) -> dict:
        draw = self.draw
        services = {
            name: draw(service(names[index + 1 :]))
            for index, name in enumerate(names)
            if draw(st.integers(0, 2))
        }
        made: dict = {"services": services}
        if draw(st.integers(0, 2)) == 0:
            made |= _resources(draw, self.kind, most=False)
        if draw(st.booleans()):
            made = self.sprinkled(made)
        return made

    def sprinkled(self, tree: dict) -> dict:
        """Tag a value anywhere in the tree."""
        tag = self.draw(st.sampled_from(["!reset", "!override"]))
        return _tagged(self.draw, tree, tag, depth=self.draw(st.integers(1, 5)))


def _tagged(draw: st.DrawFn, node: object, tag: str, depth: int) -> object:
    if isinstance(node, dict) and node and depth:
        key = draw(st.sampled_from(list(node)))
        if key == "<<":
            return node
        return {**node, key: _tagged(draw, node[key], tag, depth - 1)}
    if isinstance(node, list) and node and depth:
        index = draw(st.integers(0, len(node) - 1))
        return [
            _tagged(draw, item, tag, depth - 1) if at == index else item
            for at, item in enumerate(node)
        ]
    return node if isinstance(node, Anchor | Alias) else Tag(tag, node)


OPTIONS = [
    ("--format", "json"),
    *[("--format", "json")] * 8,
    (),
    ("--no-interpolate", "--format", "json"),
    ("--no-interpolate",),
    ("--no-normalize", "--format", "json"),
    ("--no-path-resolution", "--format", "json"),
    ("--no-env-resolution", "--format", "json"),
    ("--no-consistency", "--format", "json"),
    ("--no-normalize", "--no-path-resolution"),
    ("--services",),
    ("--volumes",),
    ("--networks",),
    ("--images",),
    ("--profiles",),
    ("--models",),
    ("--variables", "--format", "json"),
    ("--variables",),
    ("--hash", "*"),
    ("--hash", "web"),
    ("--environment",),
    ("--no-interpolate", "--services"),
    ("--no-interpolate", "--images"),
    ("--no-interpolate", "--volumes"),
    ("--format", "json", "web"),
    ("--format", "json", "app", "db"),
    ("--images", "web"),
    ("--services", "web"),
]


@st.composite
def trees(draw: st.DrawFn) -> Generated:
    """Draw a project of ten files, its environment, where it is asked for, and for what."""
    tree = _Tree(draw)
    tree.make()
    if draw(st.booleans()):
        tree.files[".env"] = draw(st.sampled_from(DOTENVS))
    tree.files["over.yaml"] = emit(tree.override(NAMES))
    environment = {**ENVIRONMENT, "DIR": "sub"}
    way = draw(st.sampled_from(WAYS))
    if way.auto:
        tree.files["compose.override.yaml"] = tree.files["over.yaml"]
    if way.second_document:
        tree.files["compose.yaml"] += "---\n" + tree.files["over.yaml"]
    environment |= dict(way.environment)
    arguments = list(way.arguments)
    if draw(st.integers(0, 5)) == 0:
        arguments += draw(st.sampled_from(FURTHER))
    profiles = draw(st.sampled_from([[], [], [], ["p1"], ["p2", "p3"], ["*"]]))
    if profiles and draw(st.booleans()):
        environment["COMPOSE_PROFILES"] = ", ".join(profiles)
    else:
        arguments += [word for name in profiles for word in ("--profile", name)]
    if draw(st.integers(0, 7)) == 0:
        name, value = draw(st.sampled_from(SETTINGS))
        environment[name] = value
    options = draw(st.sampled_from(OPTIONS))
    stdin = tree.files["over.yaml"] if "-" in arguments else ""
    return Generated(tree.files, tuple(arguments), options, environment, way.directory, stdin)


class Way(NamedTuple):
    """A way to say which files are meant."""

    arguments: tuple[str, ...] = ()
    environment: tuple[tuple[str, str], ...] = ()
    directory: str = ""
    auto: bool = False
    """The override file is found."""
    second_document: bool = False


WAYS = (
    Way(),
    *[Way(auto=True)] * 4,
    Way(("-f", "compose.yaml", "-f", "over.yaml")),
    Way(("-f", "sub/compose.yaml", "-f", "over.yaml")),
    Way(("-f", "compose.yaml", "-f", "-")),
    Way(("-f", "-", "-f", "sub/compose.yaml")),
    Way(environment=(("COMPOSE_FILE", "compose.yaml:over.yaml"),)),
    Way(
        environment=(("COMPOSE_FILE", "./compose.yaml;over.yaml"), ("COMPOSE_PATH_SEPARATOR", ";"))
    ),
    Way(environment=(("COMPOSE_FILE", "sub/compose.yaml"),)),
    Way(second_document=True),
    Way(directory="common"),
    Way(directory="sub/deep"),
    Way(("-f", "../compose.yaml", "-f", "../over.yaml"), directory="sub"),
)
FURTHER = (
    ["--project-directory", "sub"],
    ["--project-directory", "."],
    ["--env-file", "a.env"],
    ["--env-file", "a.env", "--env-file", "sub/b.env"],
    ["-p", "given"],
)
SETTINGS = (
    ("COMPOSE_PROJECT_NAME", "envname"),
    ("COMPOSE_PROJECT_NAME", ""),
    ("COMPOSE_PROJECT_NAME", "Bad.Name"),
    ("COMPOSE_ENV_FILES", "a.env"),
    ("COMPOSE_ENV_FILES", "a.env,sub/b.env"),
    ("COMPOSE_ENV_FILES", ""),
    ("COMPOSE_DISABLE_ENV_FILE", "1"),
)
