"""Every file is written by the few modules that know how: atomic, and never through a link."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "src" / "bootready"

WRITERS = {
    "apply/files/create.py": "files of the project, under the journal",
    "apply/files/state.py": "the person's own state",
    "apply/files/lock.py": "its lock",
    "apply/output.py": "outputs that the person named",
    "apply/plugin.py": "the plugin of the docker client, its directory and its removal",
    "apply/files/overlay.py": "the copy of a project in the system's temporary directory",
    "apply/files/shadow.py": "another such copy, in which repairs are proved",
    "apply/clone.py": "a clone that the person asked for, in a directory that did not exist",
    "apply/files/directory.py": "what is done in an open directory, for all of these",
    "apply/undo.py": "takes back what the journal knows of",
    "apply/certificates/trust.py": "takes an authority of ours out of the machine's store",
    "apply/files/journal.py": "removes files of the state",
    "registry/cache.py": "documents of registries by digest, in the person's own cache",
    "cli/bundle.py": "a new archive, never over an existing file",
    "cli/__init__.py": "standard output, once nobody reads it",
}
CHANGING = {
    "os": {"replace", "rename", "renames", "unlink", "remove", "rmdir", "mkdir", "makedirs"}
    | {"link", "symlink", "truncate", "chmod", "chown", "lchown", "mkfifo", "removedirs"},
    "shutil": {"copy", "copy2", "copyfile", "copymode", "copystat", "copytree", "move", "rmtree"},
}
IN_A_DIRECTORY = {"rename", "unlink", "rmdir", "mkdir", "link"}
"""Methods of an open directory (`apply.files.directory`), whatever its name where it is used."""
FLAGS = {"O_WRONLY", "O_RDWR", "O_CREAT", "O_TRUNC", "O_APPEND"}


def changes_a_file(call: ast.Call) -> bool:
    """Whether a call may write, make or remove a file."""
    match call.func:
        case ast.Name(id="open") | ast.Attribute(value=ast.Name(id="io"), attr="open"):
            modes = [*call.args[1:2], *(k.value for k in call.keywords if k.arg == "mode")]
            return any(
                not isinstance(m, ast.Constant) or set(str(m.value)) & set("wax+") for m in modes
            )
        case ast.Attribute(value=ast.Name(id=module), attr=name):
            return name in CHANGING.get(module, IN_A_DIRECTORY)
        case ast.Attribute(attr="write_text" | "write_bytes"):
            return True
    return False


def changes_or_may(node: ast.AST) -> bool:
    """Whether a node changes a file, or names a flag with which `os.open` may do so."""
    if isinstance(node, ast.Attribute) and node.attr in FLAGS:
        return True
    return isinstance(node, ast.Call) and changes_a_file(node)


def writing_modules() -> set[str]:
    found = set()
    for path in SOURCE.rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        if any(map(changes_or_may, ast.walk(tree))):
            found.add(path.relative_to(SOURCE).as_posix())
    return found


@pytest.mark.slow
def test_only_the_writers_change_files():
    assert writing_modules() - WRITERS.keys() == set()


@pytest.mark.slow
def test_every_writer_is_one():
    """Each has a reason above; one that no longer writes leaves the list."""
    assert WRITERS.keys() - writing_modules() == set()
