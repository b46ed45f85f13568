"""`bootready status`: one line per service of a stack, as the engine sees it now; reads only."""

from __future__ import annotations

import os

from bootready.cli.words.options import Parser, add_project_options, request_from
from bootready.model.printable import printable, safe_json
from bootready.pipeline import load
from bootready.pipeline.up import look
from bootready.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from bootready.model.boot import BootOutcome

EXAMPLES = """examples:
  bootready status            every service, its state and since when
  bootready status --json     the same for programs
  bootready status web db     only these and what they depend on
  bootready status --target swarm    the services of its stack, as a manager sees them
"""


def run(arguments: list[str]) -> int:
    """Print the states; 0 everything is up, 1 something is not."""
    from argparse import RawDescriptionHelpFormatter

    from bootready.boot.progress import describe

    parser = Parser(
        prog="bootready status",
        description="Show the current state of every service.",
        epilog=EXAMPLES,
        formatter_class=RawDescriptionHelpFormatter,
    )
    parser.add_argument("services", nargs="*", help="only these and their dependencies")
    parser.add_argument("--json", action="store_true", help="as JSON on standard output")
    parser.add_argument(
        "--target",
        choices=("compose", "swarm"),
        default="compose",
        help="swarm: show the stack on the swarm",
    )
    add_project_options(parser)
    options = parser.parse_args(arguments)
    names = tuple(options.services)
    project = load(request_from(options, names), os.environ)
    if options.target == "swarm":
        from bootready.pipeline.deploy import stack_states

        outcome = stack_states(project.name, os.environ)
    else:
        outcome = look(project, os.environ, names)
    if options.json:
        from bootready.report.boot import boot_values

        print(safe_json(boot_values(outcome)))
        return 0 if outcome.ready else 1
    width = max((len(state.service) for state in outcome.states), default=0)
    for state in outcome.states:
        row = f"{state.service:<{width}}  {state.phase.value:<8}  {describe(state)}"
        print(printable(row))
    if options.target == "swarm":
        _nodes(outcome)
        _reasons(outcome, project.directory)
    good = sum(state.phase.good for state in outcome.states)
    print(f"{good} of {len(outcome.states)} services up")
    return 0 if outcome.ready else 1


def _reasons(outcome: BootOutcome, directory: str) -> None:
    """Print why services are not up of which that is certain; `diagnose` looks further."""
    from bootready.report.boot import render_diagnosis

    for one in outcome.diagnoses:
        print(render_diagnosis(one, {}, directory), end="")


def _nodes(outcome: BootOutcome) -> None:
    """Print a line for each node with the services that have a task there."""
    nodes: dict[str, list[str]] = {}
    for state in outcome.states:
        for node in state.nodes:
            mark = "" if state.phase.good else f" ({state.phase.value})"
            nodes.setdefault(node, []).append(f"{state.service}{mark}")
    width = max(map(len, nodes), default=0)
    for name in sorted(nodes):
        print(printable(f"node {name:<{width}}  {', '.join(nodes[name])}"))
