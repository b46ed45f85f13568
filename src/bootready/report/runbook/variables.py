"""Project and the example of its `.env` -> a row per variable, without the value of any secret."""

from __future__ import annotations

from bootready.knowledge.secrets.forms import masked
from bootready.knowledge.secrets.names import names_a_secret
from bootready.model.position import YamlPath
from bootready.model.project import Project
from bootready.regex import regex
from bootready.report.runbook.guide import VariableRow

_ASSIGNED = regex(r"^\s*(?:export\s+)?([A-Za-z_]\w*)\s*=(.*)$")


def variable_rows(project: Project, template: str) -> tuple[VariableRow, ...]:
    """Return the variables of the Compose files: in the order of the template, the rest by name."""
    comments, values = _read(template)
    rows: dict[str, VariableRow] = {}
    for reference, path in project.uses:
        name = reference.name
        known = rows.get(name) or VariableRow(
            name, "", None, required=False, secret=False, used_by=()
        )
        users = known.used_by
        user = _user(path)
        if user and user not in users:
            users = (*users, user)
        default = known.default
        if default is None and reference.operator in {":-", "-"}:
            default = reference.argument
        required = known.required or reference.operator in {":?", "?"}
        rows[name] = known._replace(default=default, required=required, used_by=users)
    ordered = [name for name in values if name in rows]
    ordered += sorted(name for name in rows if name not in values)
    return tuple(_finished(rows[name], comments, values) for name in ordered)


def _user(path: YamlPath) -> str:
    """Return the service of a place, or its top-level element; '' in an extension."""
    first = str(path[0]) if path else ""
    if first == "services":
        return str(path[1]) if len(path) > 1 else first
    return "" if first.startswith("x-") else first


def _finished(row: VariableRow, comments: dict[str, str], values: dict[str, str]) -> VariableRow:
    value = values.get(row.name)
    default = value or row.default
    secret = names_a_secret(row.name) or bool(default and masked(default) != default)
    return row._replace(
        comment=comments.get(row.name, ""),
        default=None if secret else default,
        required=row.required,
        secret=secret,
    )


def _read(template: str) -> tuple[dict[str, str], dict[str, str]]:
    """Return the comment above each variable of an env file, and its value."""
    comments: dict[str, str] = {}
    values: dict[str, str] = {}
    above: list[str] = []
    for line in template.splitlines():
        text = line.strip()
        found = _ASSIGNED.match(line)
        if text.startswith("#"):
            above.append(text.lstrip("# ").rstrip())
        elif found:
            value, _, beside = found[2].partition(" #")
            values[found[1]] = value.strip().strip("\"'")
            comments[found[1]] = " ".join(above) or beside.strip()
            above = []
        else:
            above = []
    return comments, values
