"""A project's bootready.toml -> whether the document that it names approves changes to the code."""

from __future__ import annotations

import os
import re
import tomllib

from bootready.errors import BootreadyError, UsageError
from bootready.pipeline import read_text_file


def refuse_unapproved(directory: str) -> None:
    """Raise BootreadyError where ``[approval] document`` does not say `status: Approved`."""
    document = approval_document(directory)
    if not document:
        return
    text = read_text_file(os.path.join(directory, document))
    status = _status(text or "")
    if status == "Approved":
        return
    says = f"says `status: {status}`" if status else "has no `status` in its front matter"
    raise BootreadyError(
        f"'{document}' {says if text is not None else 'does not exist'}, so nothing is written",
        "its front matter must say `status: Approved`",
    )


def approval_document(directory: str) -> str:
    """Return the document that `[approval]` of bootready.toml names, '' without one.

    Raises UsageError for what is misspelt: nothing is approved by a mistake.
    """
    text = read_text_file(f"{directory}/bootready.toml")
    try:
        tables = tomllib.loads(text or "")
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"bootready.toml: {error}") from None
    strange = sorted(set(tables) - _TABLES)
    if strange:
        raise UsageError(
            f"bootready.toml: unknown table '{strange[0]}'", "one of: approval, checks, diagnose"
        )
    if "approval" not in tables:
        return ""
    table = tables["approval"]
    document = table.get("document") if isinstance(table, dict) else None
    if not isinstance(document, str) or not document or len(table) > 1:
        raise UsageError(
            "bootready.toml: `[approval]` must have exactly one key, `document`",
            'document = "specs/spec.md"',
        )
    return document


_TABLES = frozenset({"approval", "checks", "diagnose"})


def _status(text: str) -> str:
    """Return the `status` of the front matter: between a first line ``---`` and the next one."""
    lines = text.lstrip("\ufeff").splitlines()
    if not lines or lines[0].rstrip() != "---":
        return ""
    found = ""
    for line in lines[1:]:
        if line.rstrip() in {"---", "..."}:
            return found
        match = re.match(r"status:\s*(.*?)\s*(?:#.*)?$", line)
        if match:
            found = match[1].strip("'\"")
    return ""  # it is never closed
