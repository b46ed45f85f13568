"""A checkout -> what its documents say that is not so: links, names, requirements, tables.

Every function takes the root of a checkout, so that a test can break a copy and see it found.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path

import bootready
from bootready.check.discover import index
from bootready.cli import COMMANDS
from bootready.errors import UsageError
from bootready.model.project import Project
from bootready.model.request import Request
from bootready.pipeline.runbook import guide
from bootready.report.runbook.guide import Guide
from bootready.report.runbook.markers import renewed
from bootready.report.runbook.tables import sections

SPEC = "specs/infra-compose-readiness/spec.md"
PLAN = "specs/infra-compose-readiness/plan.md"
PRD = "docs/prd/infra-compose-readiness-prd.md"
RUNBOOK = "runbooks/core/infra-bootstrap-runbook.md"
CORE = (
    "README.md",
    "README.ko.md",
    "OPERATIONS.md",
    "OPERATIONS.ko.md",
    "secrets/README.md",
    "secrets/README.ko.md",
    "runbooks/core/infra-bootstrap-runbook.md",
    "runbooks/core/infra-bootstrap-runbook.ko.md",
    "docs/context/core/infra-lifecycle-ops.md",
    SPEC,
    PLAN,
    "specs/infra-compose-readiness/spec.ko.md",
    "specs/infra-compose-readiness/plan.ko.md",
    "docs/prd/infra-compose-readiness-prd.md",
    "docs/prd/infra-compose-readiness-prd.ko.md",
)
"""The documents of the core stack: what they name in backticks has to exist."""

TASKS = {
    "TASK-001": "REQ-BOOT-001",
    "TASK-002": "REQ-BOOT-003",
    "TASK-003": "REQ-BOOT-004",
    "TASK-004": "REQ-BOOT-002",
    "TASK-005": "REQ-BOOT-005",
    "TASK-006": "REQ-BOOT-006",
    "TASK-007": "REQ-BOOT-008",
}
"""The tasks of the plan as its owner numbered them, and the requirement that each serves."""

VERIFICATION = {
    "VAL-PLN-001": "yamllint docker-compose.yml infra/**/docker-compose*.yml"
    " infra/**/docker-compose*.yaml",
    "VAL-PLN-002": "docker compose config",
    "VAL-PLN-003": "bash scripts/preflight-compose.sh",
    "VAL-PLN-004": "bash scripts/validate-docker-compose.sh",
}
"""The commands of the plan, word for word."""

ELSEWHERE = frozenset(
    {
        "CAROOT",
        "DOCKER_HOST",
        "ENGINE",
        "IMAGES",
        "NO_COLOR",
        "COMPOSE_FILE",
        "COMPOSE_PROFILES",
        "COMPOSE_PROJECT_NAME",
        "OWNER",
        "DIRECTORY",
        "CHECK",
        "CMD",
        "VAR",
        "NAME",
        "USER",
        "CONCURRENTLY",
        "ALTER",
        "ROLE",
    }
)
"""Words in capitals that are no variable of the core stack, and why they may be named: they are
read by bootready, Docker or SQL, or stand for something."""

PROGRAMS = frozenset({"docker-compose", "docker-proxy"})
"""Words with a hyphen that are neither service nor check: programs of others."""

_LINK = re.compile(r"\[[^\]]+\]\(([^)\s]+)\)")
_FILE = re.compile(
    r"`((?:infra|scripts|tests|docs|src|secrets|runbooks|specs)/[\w./-]+\.\w+)(?:::(\w+))?`"
)
_CODE = re.compile(r"`([^`\n]+)`")
_VARIABLE = re.compile(r"^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*$")
_COMPOSE = re.compile(
    r"docker compose (?:up(?: -[\w-]+)*|ps|logs|port|restart|start|stop|exec|run|kill -s [A-Z]+)"
    r"((?: [\w-]+)*)"
)
_SPAN = re.compile(r"<!-- bootready runbook: .*?<!-- /bootready runbook -->", re.DOTALL)


def faults(root: Path) -> list[str]:
    """Return everything that the documents below `root` say and that is not so, sorted."""
    found: list[str] = []
    project = _project(root)
    for path in markdown(root):
        text = path.read_text(encoding="utf-8")
        name = str(path.relative_to(root))
        found += (f"{name}: {fault}" for fault in _of_any_document(path, text, root))
        if name in CORE:
            found += (f"{name}: {fault}" for fault in _of_the_core_stack(text, root, project))
            found += (f"{name}: {fault}" for fault in _of_its_operation(text, root))
    found += _requirements(root)
    found += _indexes(root)
    found += _translations(root)
    found += _tables(root)
    return sorted(found)


def markdown(root: Path) -> list[Path]:
    """Return the documents, but for fixtures and what no clone has."""
    away = {"tests", ".venv", ".cache", ".git", ".hypothesis", "node_modules", ".bootready"}
    found = []
    for directory, below, files in os.walk(root):
        below[:] = set(below) - away  # is not walked through then
        found += [Path(directory, name) for name in files if name.endswith(".md")]
    return sorted(path for path in found if path.is_file())


def _of_any_document(path: Path, text: str, root: Path) -> Iterator[str]:
    for target in _LINK.findall(_without_fences(text)):
        if "://" in target or target.startswith("mailto:"):
            continue
        name, _, anchor = target.partition("#")
        there = (path.parent / name) if name else path
        if not there.exists():
            yield f"dead link '{target}'"
        elif anchor and there.suffix == ".md" and anchor not in anchors(there):
            yield f"dead anchor '{target}'"
    for name, test in _FILE.findall(text):
        made_here = name.startswith("secrets/") and not name.startswith("secrets/README.")
        if not made_here and not (root / name).exists():
            yield f"no file '{name}'"
        elif test and not re.search(rf"^def {test}\(", _text(root / name), re.MULTILINE):
            yield f"no test '{test}' in '{name}'"
    targets = set(re.findall(r"^([a-z][a-z-]*):", _text(root / "Makefile"), re.MULTILINE))
    for target in re.findall(r"`(?:[A-Z]+=\w+ )*make ([a-z-]+)", text):
        if target not in targets:
            yield f"no target 'make {target}'"
    for words in re.findall(r"`(?:\.venv/bin/)?bootready ([a-z][a-z-]*[^`\n]*)`", text):
        yield from _command(words)


def _command(words: str) -> Iterator[str]:
    verb, *rest = words.split()
    if verb not in COMMANDS:
        yield f"no command 'bootready {verb}'"
        return
    for option in rest:
        if option.startswith("--") and option.partition("=")[0] not in help_of(verb):
            yield f"no option '{option}' of 'bootready {verb}'"


def _of_the_core_stack(text: str, root: Path, project: Project) -> Iterator[str]:
    services = {service.name for service in project.services}
    checks = {entry.id for entry in index()}
    variables = set(re.findall(r"^([A-Z_]+)=", _text(root / ".env.example"), re.MULTILINE))
    known = services | checks | PROGRAMS | {network.name for network in project.networks}
    files = {Path(secret.file).name for secret in project.secrets if secret.file}
    for code in _CODE.findall(_without_fences(text)):
        if _VARIABLE.match(code) and code not in variables | ELSEWHERE:
            yield f"no variable '{code}'"
        if re.fullmatch(r"[a-z]+(-[a-z]+)+", code) and code not in known:
            yield f"no service or check '{code}'"
    # What a fence shows of another project is that project's.
    own = re.sub(r"^```(?:yaml|text)\n.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)
    for name in re.findall(r"secrets/([\w.-]+\.txt)", own):
        if name not in files:
            yield f"no secret of file 'secrets/{name}'"
    for check in re.findall(r"^\w*\[([a-z-]+)\]: ", text, re.MULTILINE):
        if check not in checks:
            yield f"no check '{check}'"
    for names in _COMPOSE.findall(text):
        for name in names.split():
            if name not in services and not name.startswith("-") and not name.isdigit():
                yield f"no service '{name}'"


def _of_its_operation(text: str, root: Path) -> Iterator[str]:
    """Yield what is no alert, no route of the gateway, no word of cluster.py, no choice of make."""
    rules = _text(root / "infra/06-observability/prometheus/rules.yml")
    for name in re.findall(r"`([A-Z][a-z]+(?:[A-Z][a-z]+)+)`", text):
        if f"alert: {name}\n" not in rules:
            yield f"no alert '{name}'"
    routes = _text(root / "infra/01-gateway/traefik/dynamic/routes.yml")
    for name in re.findall(r"https://(\w+)\.<DEFAULT_URL>", text):
        if f"Host(`{name}." not in routes:
            yield f"no route '{name}'"
    usage = _text(root / "infra/04-data/postgresql-cluster/cluster.py").split('"""')[1:2]
    for word in re.findall(r"cluster\.py ([a-z]+)\b", text):
        if not re.search(rf"cluster\.py {word}\b", "".join(usage)):
            yield f"no '{word}' of cluster.py"
    scripts = "".join(_text(path) for path in sorted((root / "scripts").glob("*.py")))
    for name in re.findall(r"`([A-Z]+)=\w+ make ", text):
        if f'environ.get("{name}"' not in scripts:
            yield f"nothing of make reads '{name}'"


def _requirements(root: Path) -> Iterator[str]:
    spec, plan = _text(root / SPEC), _text(root / PLAN)
    rows = re.findall(r"^\| (REQ-BOOT-\d{3}) \|(.*)\|$", spec, re.MULTILINE)
    wanted = [f"REQ-BOOT-{number:03}" for number in range(1, 9)]
    if [row[0] for row in rows] != wanted:
        yield f"{SPEC}: requirements are not {wanted[0]} to {wanted[-1]}, each once"
    checks = {entry.id for entry in index()}
    for name, cells in rows:
        columns = [cell.strip() for cell in cells.split(" |")]
        tests = re.findall(r"`(tests/[\w./-]+)::\w+`", cells)
        if not tests:
            yield f"{SPEC}: {name} has no test that proves it"
        for check in re.findall(r"`([a-z-]+)`", columns[1]) if len(columns) > 1 else ():
            if check not in checks:
                yield f"{SPEC}: {name} names no check '{check}'"
        if name not in plan:
            yield f"{PLAN}: no task for {name}"
    for document in (PLAN, SPEC):
        for name in (document, document.replace(".md", ".ko.md")):
            yield from _ids_of_the_plan(name, _text(root / name))
    yield from _ids_everywhere(root, wanted)
    if not re.match(r"---\n(?:.*\n)*?status: \w+\n(?:.*\n)*?---\n", spec):
        yield f"{SPEC}: no `status` in its front matter"


def _ids_everywhere(root: Path, requirements: list[str]) -> Iterator[str]:
    """Yield each id of the user's plan that one of its documents does not carry."""
    for document in (PLAN, SPEC, PRD, RUNBOOK):
        for name in (document, document.replace(".md", ".ko.md")):
            text = _text(root / name)
            for one in (*requirements, *TASKS, *VERIFICATION):
                if one not in text:
                    yield f"{name}: {one} of the user's plan is missing"
            for one, command in VERIFICATION.items():
                if f"`{command}`" not in text:
                    yield f"{name}: {one} is not `{command}`"


def _ids_of_the_plan(name: str, text: str) -> Iterator[str]:
    """Yield each id that a document does not have, or has with another meaning."""
    lines = text.splitlines()
    for ids, kind in ((TASKS, "TASK"), (VERIFICATION, "VAL-PLN")):
        if "/plan." in name:
            found = re.findall(rf"^\| ({kind}-\d{{3}}) \|", text, re.MULTILINE)
            if found != list(ids):
                yield f"{name}: {kind}-001 to {kind}-{len(ids):03} are not there, each once"
        for one, meaning in ids.items():
            wanted = f"`{meaning}`" if kind == "VAL-PLN" else meaning
            if not any(one in line and wanted in line for line in lines):
                yield f"{name}: {one} is not {wanted}"


def _translations(root: Path) -> Iterator[str]:
    """Yield each Korean document whose sections or table rows are not those of its original."""
    for path in markdown(root):
        original = path.with_name(path.name.replace(".ko.md", ".md"))
        if path == original:
            continue
        name = path.relative_to(root)
        if not original.exists():
            yield f"{name}: its original {original.name} is gone: move or remove it as well"
            continue
        ours, theirs = (_without_fences(_text(one)) for one in (path, original))
        for what, pattern in (
            ("headings", r"^#+ "),
            ("table rows", r"^\|"),
        ):
            mine = [one.strip() for one in re.findall(pattern, ours, re.MULTILINE)]
            wanted = [one.strip() for one in re.findall(pattern, theirs, re.MULTILINE)]
            if mine != wanted:
                yield (
                    f"{name}: {len(mine)} {what}, but {len(wanted)} in {original.name}:"
                    " translate what was added, remove what went, keep the order"
                )


def _indexes(root: Path) -> Iterator[str]:
    for name in ("OPERATIONS.md", "docs/context/core/infra-lifecycle-ops.md"):
        for document in ("infra-bootstrap-runbook.md", "secrets/README.md"):
            if document not in _text(root / name):
                yield f"{name}: no link to {document}"


def _tables(root: Path) -> Iterator[str]:
    """Yield the marked places that are not what the compose files of the checkout say."""
    made: list[Guide] = []

    def of(language: str) -> dict[str, str]:
        if not made:
            made.append(guide(Request(directory=str(root)), {}))
        return sections(made[0], language)

    for path in markdown(root):
        text = path.read_text(encoding="utf-8")
        outside = re.sub(r"^ *```.*?^ *```$", "", text, flags=re.MULTILINE | re.DOTALL)
        if "\n<!-- bootready runbook: " not in outside:
            continue
        name = str(path.relative_to(root))
        try:
            _, stale = renewed(text, name, of)
        except UsageError as error:
            yield str(error)
            continue
        for section in stale:
            yield f"{name}: table '{section}' differs from the compose files: make docs renews it"


def anchors(path: Path) -> set[str]:
    """Return the anchors of a document, as GitHub makes them from its headings."""
    found = set()
    for heading in re.findall(r"^#+ (.+)$", _without_fences(_text(path)), re.MULTILINE):
        kept = re.sub(r"[^\w\- ]", "", heading.strip().lower())
        found.add(kept.replace(" ", "-"))
    return found


@cache
def help_of(verb: str) -> str:
    """Return the text of ``bootready VERB --help``."""
    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.suppress(SystemExit):
        import_module(f"bootready.cli.{verb}").run(["--help"])
    return said.getvalue()


def _project(root: Path) -> Project:
    example = root / ".env.example"
    return bootready.load(root, env_files=[example] if example.exists() else [], environ={})


def _without_fences(text: str) -> str:
    return re.sub(r"^ *```.*?^ *```$", "", _SPAN.sub("", text), flags=re.MULTILINE | re.DOTALL)


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""
