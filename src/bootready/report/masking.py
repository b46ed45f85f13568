"""Values of a project -> what an explanation may show of them: no secret, only where it is."""

from __future__ import annotations

import re

from bootready.knowledge.secrets.forms import (
    MASK,
    defaults_masked,
    masked,
    masked_hosts,
    masked_lines,
    masked_words,
)
from bootready.knowledge.secrets.names import is_env_file, names_a_secret, path_of_a_secret
from bootready.model.lookup import at
from bootready.model.node import Mapping, Node, Plain, Scalar, Sequence, plain
from bootready.model.position import YamlPath
from bootready.model.project import Project


def is_sensitive(name: str, project: Project) -> bool:
    """Tell whether a variable may hold a secret: by its name, or because a secret is made of it."""
    if any(secret.environment == name for secret in project.secrets):
        return True
    return names_a_secret(name)


def is_secret(project: Project, path: YamlPath, node: Scalar) -> bool:
    """Tell whether a value is a secret: by its place, or because one is put into it."""
    told = path[:1] == ("secrets",) and path[2:] in {("file",), ("environment",), ("name",)}
    if node.value is None or told or "secrets" in path[1:]:
        return False  # names and paths only
    used = (reference.name for reference in node.references)
    return path_of_a_secret(path) or any(is_sensitive(name, project) for name in used)


def masked_at(project: Project, path: YamlPath, node: Node) -> Plain:
    """Return a value, masked; an item of a list by those around it."""
    around = at(project.model, *path[:-1]) if path else None
    if isinstance(around, Sequence) and isinstance(path[-1], int):
        return _masked_items(project, path[:-1], around)[path[-1]]
    return _masked_tree(project, path, node)


def _masked_tree(project: Project, path: YamlPath, node: Node) -> Plain:
    if isinstance(node, Mapping):
        entries = node.entries.items()
        return {key: _masked_tree(project, (*path, key), value) for key, value in entries}
    if isinstance(node, Sequence):
        return _masked_items(project, path, node)
    if is_secret(project, path, node) or is_env_file(node.span.file):
        return MASK
    value = plain(node)
    if not isinstance(value, str):
        return value
    return masked_hosts(value) if "extra_hosts" in path else masked_lines(value)


def _masked_items(project: Project, path: YamlPath, node: Sequence) -> list[Plain]:
    """Return the items of a list; the words of a command are judged by those before them."""
    items = [_masked_tree(project, (*path, i), item) for i, item in enumerate(node.items)]
    raw = [plain(item) for item in node.items]
    words = masked_words([one if isinstance(one, str) else "" for one in raw])
    return [
        word if isinstance(one, str) and word != one and item != MASK else item
        for one, word, item in zip(raw, words, items, strict=True)
    ]


def template_shown(template: str, *, hidden: bool) -> str:
    """Return the first line of what a value was made from; of a secret only its references."""
    line = template.splitlines()[0] if template else ""
    if not hidden:
        return masked(line)
    references = re.findall(r"\$\{[^}]{1,512}+\}|\$\w{1,256}+", line)
    if not references:
        return MASK
    shown = [defaults_masked(re.sub(r"(:?[-+?]).*\}", rf"\1{MASK}}}", one)) for one in references]
    return "".join(shown) if "".join(references) == line else f"{MASK} and {', '.join(shown)}"
