"""Plan -> text, one line a step: number, what, how, cause, and what has to be done before."""

from __future__ import annotations

import os
from collections.abc import Iterable

from bootready.model.action import (
    HASHES,
    Action,
    AppendLines,
    CreateDirectory,
    CreateNetwork,
    CreateObject,
    CreateVolume,
    EditFile,
    Fill,
    GenerateSecret,
    GenerateVariable,
    IssueCertificate,
    LabelNode,
    Plan,
    Planted,
    PullImage,
    SecretKind,
    SendImage,
    SetPermissions,
    SetVariable,
    Step,
    WriteFile,
    WriteOverride,
)
from bootready.model.printable import printable
from bootready.typed import assert_never


def render_plan(plan: Plan, directory: str) -> str:
    """Return `plan` as people read it; paths are written relative to `directory`.

    No value of a secret is in it, because none is in a plan.
    """
    rows = [
        (
            f"#{step.id}",
            *map(printable, describe(step.action, directory)),
            printable(step.cause),
            "after " + ", ".join(f"#{other}" for other in step.after) if step.after else "",
        )
        for step in plan.steps
    ]
    if not rows:
        return ""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]
    return "\n".join(lines) + "\n"


def step_values(plan: Plan, done: Iterable[Step], directory: str) -> list[dict[str, object]]:
    """Return every step as JSON can hold it: with its cause, and whether it is one of `done`."""
    finished = {(step.cause, repr(step.action)) for step in done}
    rows: list[dict[str, object]] = []
    for step in plan.steps:
        kind, name, detail = describe(step.action, directory)
        rows.append(
            {
                "id": step.id,
                "kind": kind,
                "name": name,
                "action": detail,
                "cause": step.cause,
                "reason": step.reason,
                "after": list(step.after),
                "done": (step.cause, repr(step.action)) in finished,
            }
        )
    return rows


def describe(action: Action, directory: str) -> tuple[str, str, str]:
    """Return the kind of thing, its name, and what is done to it."""
    match action:
        case CreateDirectory():
            mode = f"create, mode {action.mode:04o}{_owner(action)}"
            return "directory", shown(action.path, directory), mode
        case GenerateSecret():
            return "secret", shown(action.path, directory), _secret(action, directory)
        case SetPermissions():
            mode = f"mode {action.mode:04o}{_owner(action)}"
            return "permissions", shown(action.path, directory), mode
        case IssueCertificate():
            path = shown(os.path.join(action.directory, action.certificate), directory)
            return "certificate", path, "issue for " + _few(action.names)
        case WriteOverride():
            return "override", shown(action.path, directory), _override(action)
        case WriteFile() | SetVariable() | GenerateVariable() | EditFile() | AppendLines():
            return "file", shown(action.path, directory), _in_file(action)
        case _:
            return _outside_files(action)


def _outside_files(
    action: CreateNetwork | CreateVolume | PullImage | LabelNode | CreateObject | SendImage,
) -> tuple[str, str, str]:
    match action:
        case CreateNetwork():
            return "network", action.name, f"create, driver {action.driver}"
        case CreateVolume():
            return "volume", action.name, "create"
        case PullImage():
            return "image", action.image, "pull"
        case LabelNode():
            return "node", action.node, f"label {action.label}={action.value}"
        case CreateObject():
            return action.kind, action.name, f"create in the swarm, of '{action.key}'"
        case SendImage():
            return "image", action.image, f"load into the engine of '{action.node}'"
        case _:
            assert_never(action)


def _in_file(
    action: WriteFile | SetVariable | GenerateVariable | EditFile | AppendLines,
) -> str:
    match action:
        case WriteFile():
            lines = action.text.count("\n") + (action.text[-1:] not in {"", "\n"})
            made = _filled(action.planted or ())
            return f"create, {_count(lines, 'line')}, mode {action.mode:04o}{made}"
        case SetVariable() | GenerateVariable():
            verb = "set" if action.replaces else "add"
            return f"{verb} '{action.name}'{_random(action)}"
        case EditFile():
            changed = len({edit.span.line for edit in action.edits})
            return f"edit {_count(changed, 'line')}"
        case AppendLines():
            return f"add {_count(len(action.lines), 'line')}"
        case _:
            assert_never(action)


def _owner(action: CreateDirectory | SetPermissions) -> str:
    return "" if action.uid is None else f", owner {action.uid}:{_group(action)}"


def shown(path: str, directory: str) -> str:
    """Return `path` relative to `directory` with a leading ``./``, or as it is if far away."""
    relative = os.path.relpath(path, directory)
    if relative.startswith("../.."):
        return path
    return relative if relative.startswith("..") else f"./{relative}"


def _secret(action: GenerateSecret, directory: str) -> str:
    source = shown(action.source, directory) if action.source else ""
    if action.kind is SecretKind.JWT and action.derived:
        return f"sign a token with {source}"
    if action.derived:
        return f"{action.kind.value} of {source}"
    if source:
        return f"the value of {source}"
    if action.clear:
        kind = _kind(action.kind, action.length)
        return f"{kind}, clear text in {shown(action.clear, directory)}"
    return _kind(action.kind, action.length)


def _random(action: SetVariable | GenerateVariable) -> str:
    if isinstance(action, SetVariable):
        return "" if action.value or action.line else ", empty"
    if action.source_name and action.kind is SecretKind.PASSWORD:
        return f", the value of '{action.source_name}'"
    if action.source_name and action.kind in HASHES:
        return f", {action.kind.value} of '{action.source_name}'"
    return f", {_kind(action.kind, action.length)}"


def _filled(fills: tuple[Fill | Planted, ...]) -> str:
    """Return the kinds of the secrets in a file, with the names that get them."""
    kinds: dict[str, list[str]] = {}
    for fill in fills:
        kinds.setdefault(_kind(fill.kind, fill.length), []).append(fill.name)
    return "".join(f"; {kind}: {', '.join(dict.fromkeys(names))}" for kind, names in kinds.items())


def _override(action: WriteOverride) -> str:
    set_here = dict.fromkeys(f"{service}.{name}" for service, name, _ in action.texts)
    set_to = f"; set {', '.join(set_here)}" if set_here else ""
    named = tuple(one._replace(name=f"{one.service}.{one.name}") for one in action.fills)
    return f"create{_filled(named)}{set_to}"


def _kind(kind: SecretKind, length: int) -> str:
    match kind:
        case SecretKind.PLACEHOLDER:
            return "placeholder, to be replaced by the real credential"
        case SecretKind.USERNAME:
            return "generate, user name"
        case SecretKind.PASSWORD:
            return f"generate, {length} bytes"
        case SecretKind.CHARACTERS:
            return f"generate, {length} characters"
        case (
            SecretKind.UUID
            | SecretKind.VAPID
            | SecretKind.VAPID_PUBLIC
            | SecretKind.RSA
            | SecretKind.RSA_PKCS1
            | SecretKind.EC
            | SecretKind.EC_SEC1
            | SecretKind.ED25519
            | SecretKind.SSH
            | SecretKind.PUBLIC_KEY
        ):
            return f"generate, {kind.value}"
        case _:
            return f"generate, {kind.value}, {length} bytes"


def _group(action: CreateDirectory | SetPermissions) -> str:
    return "" if action.gid is None else str(action.gid)


def _few(names: tuple[str, ...]) -> str:
    return ", ".join(names) if len(names) <= 3 else f"{names[0]} and {len(names) - 1} more names"


def _count(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"
