"""A resolved model -> the JSON or YAML text that ``docker compose config`` prints for it.

The two differ in more than form: JSON has no `models` and no ``x-`` keys below the top, but
structures that are always there, empty or not (compose-go, types/types.go).
"""

from __future__ import annotations

from collections.abc import Iterator
from math import isfinite

from bootready.model.node import Mapping, Node, Plain, Scalar, Sequence, plain
from bootready.model.position import Location
from bootready.model.problem import Problem
from bootready.resolve.profiles import services_of
from bootready.resolve.show.yaml_text import natural_order, yaml_text
from bootready.resolve.typed.structures import STRUCTURES, Field

_ESCAPES = {
    "&": "\\u0026",
    "<": "\\u003c",
    ">": "\\u003e",
    "\u2028": "\\u2028",
    "\u2029": "\\u2029",
}
"""What Go's encoder escapes and Python's does not; none of it can stand outside of a string."""
_ALWAYS_IN_JSON = {"deploy": ("resources", "placement"), "watch": ("exec",), "network": ("ipam",)}

_ZEROS: dict[str, dict[str, Plain]] = {
    "weight": {"path": "", "weight": 0},
    "rate": {"path": "", "rate": "0"},
    "discrete": {"kind": "", "value": 0},
}
"""Structures that print what is missing, too."""
_CAPITALISED = {"weight", "rate"}
_NULL_IN_JSON = {
    ("service", "command"),
    ("service", "entrypoint"),
    ("hook", "command"),
    ("hook", "entrypoint"),
    ("action", "command"),
    ("job", "command"),
    ("job", "entrypoint"),
}


def untyped_json(model: Mapping) -> str:
    """Return the JSON of a model that was not bound: every map with its keys sorted."""
    return json_text(_numbers(plain(model)), sort=True)


def untyped_yaml(model: Mapping) -> str:
    """Return the YAML of a model that was not bound."""
    return yaml_text(_sorted(plain(model)))


def typed_json(model: Mapping) -> str:
    """Return the JSON of a bound model, ``$`` doubled so that it can be read again."""
    made = _Shape(json=True).structure(model, "project")
    made.setdefault("services", {})
    made = dict(sorted(made.items()))
    return json_text(_numbers(made), sort=False).replace("$", "$$")


def unprintable_in_json(model: Mapping) -> Iterator[Problem]:
    """Yield what Compose cannot write as JSON either: an SSH key with a path (SSHKey.MarshalJSON
    writes no JSON then).
    """
    for name, service in services_of(model).items():
        build = service.entries.get("build")
        keys = build.entries.get("ssh") if isinstance(build, Mapping) else None
        for key in keys.items if isinstance(keys, Sequence) else ():
            if isinstance(key, Scalar) and ": " in str(key.value):
                message = f"service '{name}': `build.ssh` with a path cannot be printed as JSON"
                place = Location(key.span, ("services", name, "build", "ssh"))
                yield Problem("json-unprintable", message, place, subject=name)


def typed_yaml(model: Mapping) -> str:
    """Return the YAML of a bound model, ``$`` doubled so that it can be read again."""
    return yaml_text(_Shape(json=False).structure(model, "project")).replace("$", "$$")


def service_hash(service: Mapping) -> str:
    """Return the hash by which Compose tells whether a container is of this definition.

    It leaves out what does not change the container (docker/compose, pkg/compose/hash.go).
    """
    from hashlib import sha256

    left_out = {"build", "pull_policy", "scale", "depends_on", "profiles"}
    entries = {name: node for name, node in service.entries.items() if name not in left_out}
    deploy = entries.get("deploy")
    if isinstance(deploy, Mapping):
        kept = {name: node for name, node in deploy.entries.items() if name != "replicas"}
        entries["deploy"] = deploy.with_entries(kept)
    bare = service.with_entries(entries)
    shaped = _Shape(json=True).structure(bare, "service")
    made = {name: shaped[name] for name in _HASH_ORDER.split() if name in shaped}
    return sha256(_escaped(_numbers(made), sort=False, indent=None).encode()).hexdigest()


def json_text(value: Plain, *, sort: bool) -> str:
    """Return `value` as Go's json.MarshalIndent writes it, with a line's end at its end."""
    return _escaped(value, sort=sort, indent=2) + "\n"


def _escaped(value: Plain, *, sort: bool, indent: int | None) -> str:
    from json import dumps

    separators = (",", ":") if indent is None else None
    text = dumps(value, indent=indent, ensure_ascii=False, sort_keys=sort, separators=separators)
    for character, escape in _ESCAPES.items():
        if character in text:
            text = text.replace(character, escape)
    if text.isascii():
        return text
    # What was no UTF-8 in an env file is kept as surrogates; Go writes each such byte so.
    return "".join("\\ufffd" if "\udc80" <= sign <= "\udcff" else sign for sign in text)


def _numbers(value: Plain) -> Plain:
    """Write whole floats as integers, as Go does."""
    if isinstance(value, dict):
        return {key: _numbers(below) for key, below in value.items()}
    if isinstance(value, list):
        return [_numbers(item) for item in value]
    if isinstance(value, float) and isfinite(value) and value.is_integer() and abs(value) < 1e21:
        # Not the exact value: Go prints the shortest digits that read back the same, then zeros.
        mantissa, _, exponent = repr(value).partition("e")
        whole, _, fraction = mantissa.partition(".")
        return (
            int(f"{whole}{fraction}") * 10 ** (int(exponent) - len(fraction))
            if exponent
            else int(value)
        )
    return value


def _sorted(value: Plain) -> Plain:
    if isinstance(value, dict):
        return {key: _sorted(value[key]) for key in natural_order(list(value))}
    if isinstance(value, list):
        return [_sorted(item) for item in value]
    return value


_HASH_ORDER = (
    "annotations attach develop blkio_config cap_add cap_drop cgroup_parent cgroup cpu_count"
    " cpu_percent cpu_period cpu_quota cpu_rt_period cpu_rt_runtime cpus cpuset cpu_shares command"
    " configs container_name credential_spec deploy device_cgroup_rules devices dns dns_opt"
    " dns_search domainname entrypoint provider environment env_file expose extends external_links"
    " extra_hosts group_add gpus hostname healthcheck image init ipc isolation labels label_file"
    " links logging mem_limit mem_reservation memswap_limit mem_swappiness mac_address models"
    " network_mode networks oom_kill_disable oom_score_adj pid pids_limit platform ports privileged"
    " pull_refresh_after"
    " read_only restart runtime secrets security_opt shm_size stdin_open stop_grace_period"
    " stop_signal storage_opt sysctls tmpfs tty ulimits use_api_socket user userns_mode uts volumes"
    " volumes_from working_dir pre_start post_start pre_stop"
)
"""The order of attributes in what is hashed: that of older releases, so that hashes stay."""


class _Shape:
    """Gives a bound model the order and the empty structures of one format."""

    def __init__(self, *, json: bool) -> None:
        self.json = json

    def structure(self, node: Mapping, name: str) -> dict[str, Plain]:
        """Return a structure with its attributes in order; extensions last."""
        made: dict[str, Plain] = {}
        fields, entries = STRUCTURES[name], node.entries
        for key, field in fields.items():
            value = entries.get(key)
            if value is None:
                self.absent(made, name, key)
                continue
            shaped = self.value(value, field)
            if self.is_kept(shaped, name, key):
                made[self.spelling(name, key)] = shaped
        extensions = [key for key in entries if key not in fields]
        if not self.json:
            for key in natural_order(extensions):
                made[key] = _sorted(plain(entries[key]))
        elif name == "project":
            for key in extensions:
                made[key] = _json_sorted(plain(entries[key]))
        return made

    def absent(self, made: dict[str, Plain], name: str, key: str) -> None:
        """Add what the format has although the model has it not."""
        if name in _ZEROS:
            made[self.spelling(name, key)] = _ZEROS[name][key]
        elif not self.json:
            if name == "ulimit":
                made[key] = 0
            elif name == "project" and key == "services":
                made[key] = {}
        elif key in _ALWAYS_IN_JSON.get(name, ()):
            made[key] = {"command": None} if key == "exec" else {}
        elif (name, key) in _NULL_IN_JSON:
            made[key] = None

    def is_kept(self, shaped: Plain, name: str, key: str) -> bool:
        if self.json:
            return not (name == "project" and key == "models")
        if key in _ALWAYS_IN_JSON.get(name, ()):
            return bool(shaped)
        return not (key in {"command", "entrypoint"} and shaped is None)

    def spelling(self, name: str, key: str) -> str:
        """Return the key; two structures of Compose have no names for JSON."""
        return key.capitalize() if self.json and name in _CAPITALISED else key

    def value(self, node: Node, field: Field) -> Plain:
        if not field.inner:
            return self.free(node)
        if field.shape == "list" and isinstance(node, Sequence):
            return [self.one(item, field.inner) for item in node.items]
        if field.shape == "map" and isinstance(node, Mapping):
            names = sorted(node.entries) if self.json else natural_order(list(node.entries))
            made = {name: self.one(node.entries[name], field.inner) for name in names}
            return made if self.json or field.inner != "job" else _with_names(made)
        return self.one(node, field.inner)

    def one(self, node: Node, inner: str) -> Plain:
        return self.structure(node, inner) if isinstance(node, Mapping) else self.free(node)

    def free(self, node: Node) -> Plain:
        """Return a value of the user's own, its keys sorted."""
        if isinstance(node, Scalar):
            return node.value
        value = plain(node)
        return _json_sorted(value) if self.json else _sorted(value)


def _with_names(jobs: dict[str, Plain]) -> Plain:
    """Give jobs their names, which Compose prints in YAML only."""
    return {
        name: {"name": name, **job} if isinstance(job, dict) else job for name, job in jobs.items()
    }


def _json_sorted(value: Plain) -> Plain:
    if isinstance(value, dict):
        return {key: _json_sorted(value[key]) for key in sorted(value)}
    if isinstance(value, list):
        return [_json_sorted(item) for item in value]
    return value
