"""A model that was not interpolated -> the variables in it, as ``config --variables`` prints them.

Source: compose-go template/variables.go.
"""

from __future__ import annotations

from bootready.model.node import Mapping, Node, Plain, Scalar
from bootready.read.template import fill
from bootready.typed import NamedTuple


class Declared(NamedTuple):
    """A variable as the project uses it."""

    name: str
    default: str
    presence: str
    """What stands for it where it is set: ``${X:+text}``."""
    required: bool


def declared_variables(model: Mapping) -> dict[str, Declared]:
    """Return the variables of a model, sorted by name; the last use of one counts."""
    found: dict[str, Declared] = {}
    _collect(model, found)
    return dict(sorted(found.items()))


def _collect(node: Node, found: dict[str, Declared]) -> None:
    if isinstance(node, Scalar):
        if isinstance(node.value, str) and "$" in node.value:
            for use in fill(node.value, lambda _name: None).uses:
                kind = use.operator.lstrip(":")
                found[use.name] = Declared(
                    use.name,
                    use.argument if kind == "-" else "",
                    use.argument if kind == "+" else "",
                    kind == "?",
                )
        return
    for below in node.entries.values() if isinstance(node, Mapping) else node.items:
        _collect(below, found)


def variables_text(variables: dict[str, Declared], form: str) -> str:
    """Return the variables as JSON or YAML, or as a table with the columns that Compose prints."""
    if form == "yaml":
        return _yaml(variables)
    if form == "json":
        from bootready.resolve.show.output import json_text

        return json_text(
            {
                name: {
                    "Name": name,
                    "DefaultValue": one.default,
                    "PresenceValue": one.presence,
                    "Required": one.required,
                }
                for name, one in variables.items()
            },
            sort=True,
        )
    rows = [("NAME", "REQUIRED", "DEFAULT VALUE", "ALTERNATE VALUE")]
    rows += [
        (one.name, "true" if one.required else "false", one.default, one.presence)
        for one in variables.values()
    ]
    widths = [max(20, max(len(row[column]) for row in rows) + 3) for column in range(3)]
    return "".join(
        "".join(cell.ljust(width) for cell, width in zip(row, widths, strict=False)) + row[3] + "\n"
        for row in rows
    )


def _yaml(variables: dict[str, Declared]) -> str:
    """Return the variables as Go's yaml.Marshal writes them, which indents by four."""
    from textwrap import indent

    from bootready.resolve.show.yaml_text import natural_order, yaml_text

    text = ""
    for name in natural_order(list(variables)):
        one = variables[name]
        values: Plain = {
            "name": name,
            "defaultvalue": one.default,
            "presencevalue": one.presence,
            "required": one.required,
        }
        key = yaml_text({name: ""}).partition(":")[0]
        text += f"{key}:\n{indent(yaml_text(values), '    ')}"
    return text or "{}\n"
