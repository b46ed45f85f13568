"""The tools that an agent may call: a name and arguments in, plain values out.

Each does what a command does, with its `--json`. None of them writes, starts or stops anything.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from shlex import quote

from bootready.check.settings import read_settings, severity_of
from bootready.errors import UsageError
from bootready.knowledge.secrets.forms import masked
from bootready.mcp.confined import Confined, words
from bootready.mcp.schemas import (
    CATALOGUE,
    DIAGNOSIS,
    EXPLANATION,
    FLAG,
    PLAN,
    PROJECT,
    SEVERITY,
    VERDICT,
    Schema,
    taken,
)
from bootready.mcp.schemas import words as strings
from bootready.model.finding import Severity
from bootready.model.near import did_you_mean
from bootready.model.request import Request
from bootready.pipeline import check, observe, root_of
from bootready.typed import Any, NamedTuple, cast

Arguments = Mapping[str, object]
Values = dict[str, object]


class Tool(NamedTuple):
    """A tool: what an agent reads of it, what it takes and gives, and what answers."""

    name: str
    title: str
    description: str
    takes: Schema
    gives: Schema
    answer: Callable[[Confined, Arguments], Values]


def _check(confined: Confined, arguments: Arguments) -> Values:
    from bootready.pipeline.remedied import with_remedies
    from bootready.pipeline.values import with_hints
    from bootready.report.formats.json import verdict_object
    from bootready.report.formats.text import Source

    request, environ = confined.request(arguments), confined.environ
    project = confined.load(request)
    root = root_of(project.directory)
    settings = read_settings(project.directory, root)
    evidence = observe(project, environ, engine=confined.engine)
    only, skip = words(arguments, "only"), words(arguments, "skip")
    verdict = check(evidence, only, skip, settings)._replace(gone=())
    verdict = with_hints(evidence.context, request, environ, verdict)
    verdict = with_remedies(request, environ, project, verdict, engine=confined.engine)
    wished = arguments.get("fail_on")
    failing = severity_of(str(wished)) if wished else settings.fail_on or Severity.ERROR
    return verdict_object(
        verdict, Source(project.directory, project.sources, failing, root), project.name
    )


def _explain(confined: Confined, arguments: Arguments) -> Values:
    from bootready.check.discover import find
    from bootready.pipeline.explain import explained
    from bootready.report.explanation import explanation_object
    from bootready.report.page import check_page

    what = str(arguments["what"])
    known = find(what) if "-" in what and "." not in what else None
    if known is not None:
        subject, page = f"check '{known.id}'", check_page(known)
        return {"subject": subject, "value": None, "hidden": False, "steps": [], "page": page}
    project = confined.load(confined.request(arguments))
    return {**explanation_object(explained(project, what)), "page": ""}


def _plan(confined: Confined, arguments: Arguments) -> Values:
    request = confined.request(arguments)
    confined.try_out(request)
    made = _fixes if arguments["verb"] == "fix" else _preparations
    return made(confined, request, unsafe=bool(arguments.get("unsafe")))


def _preparations(confined: Confined, request: Request, *, unsafe: bool) -> Values:
    from bootready.host.repository import repository_below_home
    from bootready.pipeline.prepare import prepare
    from bootready.plan.order import paths_of
    from bootready.plan.render import step_values
    from bootready.plan.select import outside

    if unsafe:
        raise UsageError("`unsafe` is of the verb 'fix'")
    made = prepare(request, confined.environ, dry_run=True, engine=confined.engine)
    root = repository_below_home(made.directory) or made.directory
    far = set(outside(made.plan, root))
    away = {path for step in made.plan.steps for path in paths_of(step.action) if path in far}
    return {
        "directory": made.directory,
        "steps": _steps(step_values(made.plan, (), made.directory)),
        "outside": sorted(away),
        "withdrawn": [masked(reason) for reason in made.withdrawn],
        "diff": "",
        "command": _command("prepare", request, *(["--outside"] if away else [])),
    }


def _fixes(confined: Confined, request: Request, *, unsafe: bool) -> Values:
    from bootready.pipeline.fix import fix
    from bootready.plan.render import step_values
    from bootready.report.diff import diff_of

    made = fix(request, confined.environ, unsafe=unsafe)
    diffs = (diff_of(one, made.directory, exact=False).text for one in made.changes)
    return {
        "directory": made.directory,
        "steps": _steps(step_values(made.plan, (), made.directory)),
        "outside": [],
        "withdrawn": [masked(reason) for reason in made.withdrawn],
        "diff": "".join(diffs),
        "command": _command("fix --apply", request, *(["--unsafe"] if unsafe else [])),
    }


def _steps(rows: list[Values]) -> list[Values]:
    """Return the steps without a word on whether they were done: none was."""
    return [{key: value for key, value in row.items() if key != "done"} for row in rows]


def _command(verb: str, request: Request, *more: str) -> str:
    """Return what a person runs to have the plan carried out."""
    named = [("-f", one) for one in request.files] + [
        ("--env-file", one) for one in request.env_files
    ]
    named += [("--profile", one) for one in request.profiles]
    given = [word for pair in (("-C", request.directory), *named) for word in pair]
    services = request.services if verb == "prepare" else ()
    return " ".join(["bootready", verb, *more, *map(quote, (*given, *services))])


def _diagnose(confined: Confined, arguments: Arguments) -> Values:
    from bootready.pipeline.diagnosis import diagnosed, diagnosis_values

    if not confined.engine:
        raise UsageError("this server was started with --engine none: it asks no engine")
    request = confined.request(arguments)
    project = confined.load(request)
    found = diagnosed(project, confined.environ, request.services)
    values = {**diagnosis_values(found, project), "ready": found.ready}
    return {**values, "elsewhere": found.elsewhere}


def _checks(_confined: Confined, arguments: Arguments) -> Values:
    from bootready.check.discover import discover
    from bootready.report.page import check_object

    topics = words(arguments, "topics")
    chosen = [one for one in discover() if not topics or one.topic in topics]
    return {"checks": [check_object(one) for one in chosen]}


TOOLS = (
    Tool(
        "check",
        "Check a Docker Compose project",
        "Find everything that would stop a Docker Compose project from booting on this machine:"
        " findings with file, line, consequence, hint and the command that repairs each."
        " Changes nothing.",
        taken(
            PROJECT
            | {
                "only": strings("only these topics or ids of checks"),
                "skip": strings("not these topics or ids of checks"),
                "fail_on": SEVERITY,
            }
        ),
        VERDICT,
        _check,
    ),
    Tool(
        "explain",
        "Explain a name",
        "Show where something of a project comes from: a path of the resolved model such as"
        " services.web.ports[0], a variable, service, secret, image, network or volume; or the"
        " page of a check by its id. Secrets are masked.",
        taken(PROJECT | {"what": {"type": "string", "description": "the name"}}, ("what",)),
        EXPLANATION,
        _explain,
    ),
    Tool(
        "diagnose",
        "Diagnose a running project",
        "Explain why services of a project that was started are not up, from the engine's states,"
        " events and logs; watches for some seconds what crashed. Needs the Docker Engine."
        " Changes nothing.",
        taken(PROJECT),
        DIAGNOSIS,
        _diagnose,
    ),
    Tool(
        "plan",
        "Plan a preparation or repair",
        "Show what `bootready prepare` would create (.env, secrets, certificates, directories) or"
        " `bootready fix` would change in tracked files, with its diff, and the command that does"
        " it. Carries out nothing: show the plan to the person, who runs the command.",
        taken(
            PROJECT
            | {
                "verb": {"enum": ["prepare", "fix"]},
                "unsafe": {**FLAG, "description": "fix: also edits whose intent is uncertain"},
            },
            ("verb",),
        ),
        PLAN,
        _plan,
    ),
    Tool(
        "checks",
        "List the catalogue of checks",
        "List every check: id, topic, severity, what it finds. `explain` shows the page of one.",
        taken({"topics": strings("only these topics")}),
        CATALOGUE,
        _checks,
    ),
)


def tool_of(name: str) -> Tool:
    """Return the tool of that name. Raises UsageError."""
    for tool in TOOLS:
        if tool.name == name:
            return tool
    raise UsageError(f"there is no tool '{name}'", f"one of: {', '.join(t.name for t in TOOLS)}")


def refuse_wrong(tool: Tool, arguments: Arguments) -> None:
    """Raise UsageError for arguments that are not as the tool's schema says."""
    fields = cast("dict[str, dict[str, Any]]", tool.takes["properties"])
    for name in cast("list[str]", tool.takes["required"]):
        if name not in arguments:
            raise UsageError(f"the tool '{tool.name}' needs the argument '{name}'")
    for name, value in arguments.items():
        if name not in fields:
            hint = did_you_mean(name, fields) or f"one of: {', '.join(fields)}"
            raise UsageError(f"the tool '{tool.name}' has no argument '{name}'", hint)
        wrong = _wrong(fields[name], value)
        if wrong:
            raise UsageError(f"the argument '{name}' must be {wrong}")


def _wrong(schema: dict[str, Any], value: object) -> str:
    """Return in words what an argument must be, '' if it is."""
    if "enum" in schema:
        known = schema["enum"]
        return "" if value in known else f"one of: {', '.join(known)}"
    if schema["type"] == "array":
        good = isinstance(value, list) and all(isinstance(one, str) for one in value)
        return "" if good else "a list of strings"
    if schema["type"] == "boolean":
        return "" if isinstance(value, bool) else "true or false"
    return "" if isinstance(value, str) else "a string"
