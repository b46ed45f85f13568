"""What services get -> the text of an override file, with new secrets in it."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

from bootready.apply.secrets.values import random_value, resigned
from bootready.model.action import HASHES, Fill, SecretKind, WriteOverride

DERIVED = HASHES | {SecretKind.JWT, SecretKind.VAPID_PUBLIC, SecretKind.PUBLIC_KEY}
"""Kinds that are made of another secret of their group."""

_HEADER = (
    "# Made by bootready: secrets in place of the placeholders of the Compose file.\n"
    "# Keep it out of git. `bootready undo` takes it back.\n"
)


def values_of(fills: Sequence[Fill]) -> list[str]:
    """Return a new value for each fill: those of one group are made of one secret."""
    bases: dict[str, bytes] = {}
    for fill in fills:
        if fill.group and fill.kind not in DERIVED and fill.group not in bases:
            bases[fill.group] = random_value(fill.kind, fill.length, fill.name).content
    return [f"{fill.before}{_secret(fill, bases)}{fill.after}" for fill in fills]


def _secret(fill: Fill, bases: dict[str, bytes]) -> str:
    base = bases.get(fill.group, b"") if fill.group else b""
    if fill.kind is SecretKind.JWT and base:
        return resigned(base, fill.claims).decode()
    if base and fill.kind not in DERIVED:
        return base.decode()
    made = random_value(fill.kind, fill.length, fill.name, clear=base)
    if fill.group and fill.group not in bases:
        bases[fill.group] = made.clear or made.content
    return made.content.decode()


def override_text(action: WriteOverride) -> str:
    """Return the override file: a mapping of services with what each environment gets."""
    services: dict[str, dict[str, str]] = {}
    for service, name, text in action.texts:
        services.setdefault(service, {})[name] = text
    for fill, value in zip(action.fills, values_of(action.fills), strict=True):
        services.setdefault(fill.service, {})[fill.name] = value.replace("$", "$$")
    lines = [_HEADER, "services:\n"]
    for service, environment in sorted(services.items()):
        lines += [f"  {_key(service)}:\n", "    environment:\n"]
        lines += [
            # JSON strings are YAML's double-quoted ones.
            f"      {_key(name)}: {json.dumps(value, ensure_ascii=False)}\n"
            for name, value in sorted(environment.items())
        ]
    return "".join(lines)


def _key(name: str) -> str:
    """Return a key of YAML: as it is where nothing reads it otherwise, else quoted."""
    return name if re.fullmatch(r"[A-Za-z_][\w-]*", name) else json.dumps(name, ensure_ascii=False)
