"""The path of a value in the Compose model -> the type that interpolation gives to its text.

The table is compose-go's (loader/interpolate.go). It holds for every string at such a path, with or
without a variable in it: ``privileged: "yes"`` becomes true.
"""

from __future__ import annotations

from bootready.read.scalars import bounded_integer
from bootready.regex import regex
from bootready.resolve.typed.values import single_precision

Value = str | int | float | bool | None

_DECIMAL = regex(r"[-+]?[0-9]+\Z")
_FLOAT = regex(
    r"(?i:[-+]?(?:(?:[0-9](?:_?[0-9])*+\.?(?:[0-9](?:_?[0-9])*+)?|\.[0-9](?:_?[0-9])*+)"
    r"(?:[eE][-+]?[0-9](?:_?[0-9])*+)?|inf|infinity|nan))\Z"
)
_HEX_FLOAT = regex(r"[-+]?0[xX](?:[0-9a-fA-F]+\.?[0-9a-fA-F]*|\.[0-9a-fA-F]+)[pP][-+]?[0-9]+\Z")
_INFINITE = float("inf")
_BOOLEANS = {"true": True, "false": False}
WORDS = {"y": True, "yes": True, "on": True, "n": False, "no": False, "off": False}
"""What Compose takes for a boolean with a warning; in any case."""


class CastError(ValueError):
    """A text is not of the type that its place wants; the message says which."""


def integer(text: str) -> int:
    """Return the number that `text` is in decimal, within 64 bits."""
    if _DECIMAL.match(text):
        number = bounded_integer(text)
        if -(2**63) <= number < 2**63:
            return number
    raise CastError("a whole number")


def number(text: str) -> float:
    """Return the number that `text` is."""
    if _FLOAT.match(text):
        value = float(text)
        if abs(value) != _INFINITE or "inf" in text.lower():
            return value
    elif _HEX_FLOAT.match(text):
        return float.fromhex(text)
    raise CastError("a number")


def short_number(text: str) -> float:
    """Return the number as a 32-bit float has it, in its shortest form."""
    return single_precision(number(text))


def boolean(text: str) -> bool:
    """Return the truth value of `text`; ``yes`` and the like count."""
    word = text.lower()
    value = _BOOLEANS.get(word, WORDS.get(word))
    if value is None:
        raise CastError("true or false")
    return value


_RESTART = {"max_attempts": integer}
_ROLLOUT = {"parallelism": integer, "max_failure_ratio": number}
_EXTERNAL = {"*": {"external": boolean}}
_SERVICE: dict[str, object] = {
    "cpu_count": integer,
    "cpu_percent": number,
    "cpu_period": integer,
    "cpu_quota": integer,
    "cpu_rt_period": integer,
    "cpu_rt_runtime": integer,
    "cpus": short_number,
    "cpu_shares": integer,
    "init": boolean,
    "depends_on": {"*": {"required": boolean, "restart": boolean}},
    "deploy": {
        "replicas": integer,
        "update_config": _ROLLOUT,
        "rollback_config": _ROLLOUT,
        "restart_policy": _RESTART,
        "placement": {"max_replicas_per_node": integer},
    },
    "healthcheck": {"retries": integer, "disable": boolean},
    "oom_kill_disable": boolean,
    "oom_score_adj": integer,
    "pids_limit": integer,
    "ports": {"[]": {"target": integer}},
    "privileged": boolean,
    "read_only": boolean,
    "scale": integer,
    "stdin_open": boolean,
    "tty": boolean,
    "ulimits": {"*": {"": integer, "hard": integer, "soft": integer}},
    "volumes": {"[]": {"read_only": boolean, "volume": {"nocopy": boolean}}},
}
CASTS: dict[str, object] = {
    "services": {"*": _SERVICE},
    "networks": {
        "*": {
            "external": boolean,
            "internal": boolean,
            "attachable": boolean,
            "enable_ipv4": boolean,
            "enable_ipv6": boolean,
        }
    },
    "volumes": _EXTERNAL,
    "secrets": _EXTERNAL,
    "configs": _EXTERNAL,
}
"""Keys -> keys ... -> cast. ``*`` is any step, ``[]`` any index, ``''`` the value itself."""
