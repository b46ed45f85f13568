"""The Compose Specification's JSON schema -> src/bootready/resolve/refuse/schema_table.py.

Usage: python scripts/generate_schema.py path/to/compose-spec.json

Reads the schema that the compose-go of the supported Compose release embeds and writes our own
compact table of the facts in it: which attributes there are, of which types, with which limits.
Descriptions are left out. See docs/adr/schema-as-a-table.md.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

TARGET = Path(__file__).resolve().parent.parent / "src/bootready/resolve/refuse/schema_table.py"
LETTERS = {
    "string": "s",
    "integer": "i",
    "number": "n",
    "boolean": "b",
    "null": "0",
    "object": "o",
    "array": "a",
}
KNOWN = {
    "$ref", "additionalProperties", "default", "deprecated", "description", "enum", "items",
    "maximum", "minimum", "oneOf", "pattern", "patternProperties", "properties", "required",
    "title", "type", "uniqueItems", "allOf", "anyOf", "unevaluatedProperties",
    "$schema", "$id", "$defs",
}  # fmt: skip
HEADER = '''"""What the Compose Specification says of every attribute, as a table.

Made by scripts/generate_schema.py; do not edit. Each row is one rule:
(types, attributes, patterns, closed, required, item rule, unique, choices, pattern, low, high,
needed: one of these must be there).
Types are letters: s string, i integer, n number, b boolean, 0 null, o mapping, a list.
Attributes and patterns are pairs of a name and the number of a rule. Rule {root} is the file.
"""

from __future__ import annotations

from typing import Any

ROOT = {root}
'''


def main() -> None:
    schema = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    rows: list[tuple[Any, ...]] = []
    root = Table(schema["$defs"], rows).rule(schema)
    lines = [
        "# fmt: off",
        "# One row is one rule, however long.",
        "# ruff: noqa: E501",
        "RULES: tuple[tuple[Any, ...], ...] = (  # rows are cut short; schema.Facts types them",
    ]
    lines += [f"    {literal(row)},  # {number}" for number, row in enumerate(rows)]
    lines += [")", "# fmt: on", ""]
    TARGET.write_text(HEADER.format(root=root) + "\n".join(lines), encoding="utf-8")
    print(f"{len(rows)} rules -> {TARGET}")


class Table:
    """Numbers the rules; equal ones are one."""

    def __init__(self, definitions: dict[str, Any], rows: list[tuple[Any, ...]]) -> None:
        self.definitions = definitions
        self.rows = rows
        self.numbers: dict[tuple[Any, ...], int] = {}

    def rule(self, schema: dict[str, Any]) -> int:
        """Return the number of the rule for `schema`."""
        row = merged([self.facts(part) for part in self.alternatives(schema)])
        if row not in self.numbers:
            self.numbers[row] = len(self.rows)
            self.rows.append(row)
        return self.numbers[row]

    def alternatives(self, schema: dict[str, Any]) -> list[dict[str, Any]]:
        """Return `schema` with references followed and its alternatives side by side."""
        unknown = schema.keys() - KNOWN
        if unknown:
            raise SystemExit(f"this generator does not know {sorted(unknown)}")
        if "allOf" in schema:
            return [self.joined(schema)]
        if "$ref" in schema:
            return self.alternatives(self.definitions[schema["$ref"].rsplit("/", 1)[1]])
        if "oneOf" in schema:
            return [part for choice in schema["oneOf"] for part in self.alternatives(choice)]
        return [schema]

    def joined(self, schema: dict[str, Any]) -> dict[str, Any]:
        """Return one schema for `schema` and all that it builds upon; only mappings do."""
        joined: dict[str, Any] = {"type": "object", "properties": {}, "patternProperties": {}}
        parts = [part for base in schema["allOf"] for part in self.alternatives(base)]
        for part in [*parts, {key: schema[key] for key in schema if key != "allOf"}]:
            if part.get("type", "object") != "object" or "oneOf" in part:
                raise SystemExit(f"cannot join {part.keys()}")
            joined["properties"].update(part.get("properties", {}))
            joined["patternProperties"].update(part.get("patternProperties", {}))
            joined["required"] = [*joined.get("required", []), *part.get("required", [])]
        joined["additionalProperties"] = schema.get("unevaluatedProperties", True)
        return joined

    def facts(self, schema: dict[str, Any]) -> tuple[Any, ...]:
        """Return the row of one schema without alternatives."""
        types = schema.get("type", list(LETTERS))
        types = [types] if isinstance(types, str) else types
        letters = "".join(LETTERS[name] for name in LETTERS if name in types)
        pairs = [
            tuple((key, self.rule(value)) for key, value in sorted(schema.get(name, {}).items()))
            for name in ("properties", "patternProperties")
        ]
        is_list = "a" in letters
        return (
            letters,
            *pairs,
            "o" in letters and schema.get("additionalProperties", True) is False,
            tuple(schema.get("required", ())),
            self.rule(schema["items"]) if is_list and "items" in schema else -1,
            is_list and schema.get("uniqueItems", False),
            tuple(schema.get("enum", ())),
            schema.get("pattern", ""),
            schema.get("minimum"),
            schema.get("maximum"),
            tuple(key for choice in schema.get("anyOf", ()) for key in choice["required"]),
        )


def merged(rows: list[tuple[Any, ...]]) -> tuple[Any, ...]:
    """Join alternatives into one row; no two may speak of the same type."""
    letters = "".join(row[0] for row in rows)
    if len(set(letters)) != len(letters):
        raise SystemExit(f"alternatives overlap: {letters}")
    if len(rows) == 1:
        return rows[0]
    empty = ("", (), (), False, (), -1, False, (), "", None, None, ())
    columns = []
    for column in range(1, len(empty)):
        said = [row[column] for row in rows if row[column] != empty[column]]
        if len(said) > 1:
            raise SystemExit(f"two alternatives both say {said}")
        columns.append(said[0] if said else empty[column])
    return ("".join(sorted(letters, key=list(LETTERS.values()).index)), *columns)


def literal(row: tuple[Any, ...]) -> str:
    """Return `row` without the columns at its end that say nothing."""
    empty = ["", (), (), False, (), -1, False, (), "", None, None, ()]
    values = list(row)
    while len(values) > 1 and values[-1] == empty[len(values) - 1]:
        values.pop()
    text = ", ".join(
        json.dumps(value) if isinstance(value, str) else repr(value) for value in values
    )
    return f"({text},)".replace("'", '"') if len(values) == 1 else f"({text})".replace("'", '"')


if __name__ == "__main__":
    main()
