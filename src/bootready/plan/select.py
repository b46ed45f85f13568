"""Actions by who may carry them out: `prepare` makes what is missing, `fix` edits what is there."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence

from bootready.errors import UsageError
from bootready.knowledge.examples import ENV_TEMPLATES
from bootready.model.action import (
    Action,
    AppendLines,
    CreateDirectory,
    CreateNetwork,
    CreateObject,
    CreateVolume,
    EditFile,
    GenerateSecret,
    GenerateVariable,
    IssueCertificate,
    LabelNode,
    Plan,
    PullImage,
    SendImage,
    SetPermissions,
    SetVariable,
    WriteFile,
    WriteOverride,
)
from bootready.plan.order import paths_of
from bootready.typed import assert_never

KINDS = (
    "environment",
    "directories",
    "secrets",
    "certificates",
    "permissions",
    "volumes",
    "networks",
)
"""What `prepare --only` can name."""


def prepares(only: Sequence[str] = ()) -> Callable[[Action], bool]:
    """Return what tells the actions of `prepare`; `only` names kinds. Raises UsageError."""
    for name in only:
        if name not in KINDS:
            raise UsageError(f"unknown kind '{name}'", f"one of: {', '.join(KINDS)}")

    def wanted(action: Action) -> bool:
        kind = kind_of_step(action)
        return kind != "" and (not only or kind in only)

    return wanted


def fixes(action: Action) -> bool:
    """Tell whether `action` changes a file that the project keeps: the work of `fix`.

    Of permissions only the exec bit: that of a script, which git keeps.
    """
    if isinstance(action, SetPermissions):
        return bool(action.mode & 0o111)
    return isinstance(action, EditFile | AppendLines) or _on_template(action)


def shapes_the_model(action: Action) -> bool:
    """Tell whether the project has to be read again after `action`."""
    return isinstance(action, WriteFile | SetVariable | GenerateVariable | WriteOverride)


def kind_of_step(action: Action) -> str:
    """Return the kind that `prepare --only` knows `action` by, '' for what prepare never does."""
    match action:
        case WriteFile() | SetVariable():
            return "" if _on_template(action) else "environment"
        case GenerateVariable() | WriteOverride():
            return "environment"
        case CreateDirectory():
            return "directories"
        case GenerateSecret():
            return "secrets"
        case IssueCertificate():
            return "certificates"
        case SetPermissions():
            return "" if fixes(action) else "permissions"
        case CreateVolume():
            return "volumes"
        case CreateNetwork():
            return "networks"
        case EditFile() | AppendLines() | PullImage():
            return ""
        case LabelNode() | CreateObject() | SendImage():
            return ""  # of a swarm: pipeline/prepare_swarm.py makes a plan of its own
        case _:
            assert_never(action)


def outside(plan: Plan, root: str) -> tuple[str, ...]:
    """Return the paths that `plan` would make outside `root`."""
    root = os.path.normpath(root)
    paths = [os.path.normpath(path) for step in plan.steps for path in paths_of(step.action)]
    far = (path for path in paths if not f"{path}/".startswith(root.rstrip("/") + "/"))
    return tuple(dict.fromkeys(far))


def _on_template(action: Action) -> bool:
    if not isinstance(action, SetVariable | WriteFile):
        return False
    return os.path.basename(action.path) in ENV_TEMPLATES
