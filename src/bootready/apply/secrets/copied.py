"""The copy of an example -> its text, with new secrets in place of placeholders."""

from __future__ import annotations

from bootready.apply.secrets.values import random_value
from bootready.model.action import WriteFile


def text_of(action: WriteFile) -> str:
    """Return what the file gets; each call makes other secrets."""
    parts: list[str] = []
    last = 0
    for one in action.planted or ():
        value = random_value(one.kind, one.length, one.name).content.decode()
        parts += [action.text[last : one.start], one.before, value]
        last = one.end
    return "".join([*parts, action.text[last:]])
