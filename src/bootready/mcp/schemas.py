"""What the tools take and give, as JSON Schema: tables that a program reads, and so do agents."""

from __future__ import annotations

from bootready.model.finding import Safety, Severity

Schema = dict[str, object]

TEXT: Schema = {"type": "string"}
NUMBER: Schema = {"type": "integer"}
FLAG: Schema = {"type": "boolean"}
SEVERITY: Schema = {"enum": [one.value for one in Severity]}


def words(text: str) -> Schema:
    """Return the schema of a list of strings that `text` describes."""
    return {"type": "array", "items": TEXT, "description": text}


def listed(item: Schema) -> Schema:
    """Return the schema of a list of `item`s."""
    return {"type": "array", "items": item}


def record(fields: dict[str, Schema], *, more: bool = False) -> Schema:
    """Return the schema of an object that has all of these fields, and no other unless `more`."""
    return {
        "type": "object",
        "properties": fields,
        "required": list(fields),
        "additionalProperties": more,
    }


def perhaps(schema: Schema) -> Schema:
    """Return the schema of what may be null."""
    return {"anyOf": [schema, {"type": "null"}]}


def taken(fields: dict[str, Schema], required: tuple[str, ...] = ()) -> Schema:
    """Return the schema of the arguments of a tool."""
    return {
        "type": "object",
        "properties": fields,
        "required": list(required),
        "additionalProperties": False,
    }


PROJECT: dict[str, Schema] = {
    "directory": {
        "type": "string",
        "description": "the project's directory; relative to the first directory of the server",
    },
    "files": words("Compose files, later ones override; relative to `directory`"),
    "env_files": words("read variables from these instead of .env"),
    "profiles": words("profiles to activate, `*` for all"),
    "services": words("only these services and what they depend on"),
}

LOCATION = record(
    {
        "file": TEXT,
        "line": NUMBER,
        "column": NUMBER,
        "end_line": NUMBER,
        "end_column": NUMBER,
        "path": TEXT,
        "label": TEXT,
    }
)
REMEDY = record(
    {
        "title": TEXT,
        "command": TEXT,
        "safety": {"enum": [one.value for one in Safety]},
        "actions": listed(TEXT),
    }
)
FINDING = record(
    {
        "check": TEXT,
        "severity": SEVERITY,
        "message": TEXT,
        "consequence": TEXT,
        "hint": TEXT,
        "places": NUMBER,
        "location": perhaps(LOCATION),
        "related": listed(LOCATION),
        "remedy": perhaps(REMEDY),
    },
    more=True,  # findings that count have a fingerprint
)
VERDICT = record(
    {
        "version": NUMBER,
        "project": record({"name": TEXT, "directory": TEXT, "path": TEXT}),
        "ready": FLAG,
        "failing_severity": SEVERITY,
        "counts": {"type": "object", "additionalProperties": NUMBER},
        "examined": {"type": "object", "additionalProperties": NUMBER},
        "findings": listed(FINDING),
        "silenced": listed(FINDING),
        "known": listed(FINDING),
        "gone": listed({"type": "object", "additionalProperties": TEXT}),
        "next": {"type": "object"},
        "skipped": listed(record({"check": TEXT, "reason": TEXT})),
    }
)
EXPLANATION = record(
    {
        "subject": TEXT,
        "value": {},
        "hidden": FLAG,
        "steps": listed(
            record(
                {
                    "role": TEXT,
                    "text": TEXT,
                    "file": perhaps(TEXT),
                    "line": perhaps(NUMBER),
                    "column": perhaps(NUMBER),
                }
            )
        ),
        "page": TEXT,
    }
)
STEP = record(
    {
        "id": NUMBER,
        "kind": TEXT,
        "name": TEXT,
        "action": TEXT,
        "cause": TEXT,
        "reason": TEXT,
        "after": listed(NUMBER),
    }
)
PLAN = record(
    {
        "directory": TEXT,
        "steps": listed(STEP),
        "outside": listed(TEXT),
        "withdrawn": listed(TEXT),
        "diff": TEXT,
        "command": TEXT,
    }
)
DIAGNOSIS = {
    **record(
        {
            "project": TEXT,
            "ready": FLAG,
            "services": listed({"type": "object"}),
            "diagnoses": listed({"type": "object"}),
            "endpoints": listed({"type": "object"}),
            "elsewhere": FLAG,
        },
        more=True,  # the figures of `diagnose --json`
    ),
}
CATALOGUE = record(
    {
        "checks": listed(
            record(
                {
                    "id": TEXT,
                    "topic": TEXT,
                    "severity": SEVERITY,
                    "summary": TEXT,
                    "needs": listed(TEXT),
                    "since": TEXT,
                    "reference": TEXT,
                    "former_ids": listed(TEXT),
                }
            )
        )
    }
)
