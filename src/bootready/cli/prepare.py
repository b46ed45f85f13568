"""`bootready prepare`: create what is missing; never overwrites, a second run changes nothing."""

from __future__ import annotations

import os
import sys

from bootready.cli.words.plan_options import add_plan_options, steps_json, tell
from bootready.cli.words.repository import add_repository_options, project_of
from bootready.cli.words.wishes import PROJECT_VALUES, Wishes, read_usual
from bootready.errors import ApplyError, UsageError
from bootready.model.action import GenerateSecret, SecretKind
from bootready.model.printable import printable
from bootready.model.request import Request
from bootready.pipeline.prepare import Prepared, prepare
from bootready.plan.render import describe, render_plan, shown

EXAMPLES = """examples:
  bootready prepare                       create what is missing
  bootready prepare --dry-run             only print the plan
  bootready prepare https://github.com/owner/shop    clone it into ./shop first
  bootready prepare --only secrets,certificates
  bootready prepare --dry-run --out plan.json    save the plan for `bootready apply`
  bootready prepare --target swarm        and what a swarm lacks: networks, labels, secrets
  bootready prepare --target swarm --node node2=ssh://node2    load images into its engine, too
"""


_ENGINES = ("auto", "none")
_VALUES = {
    **PROJECT_VALUES,
    "--out": "out",
    "--use": "use",
    "--engine": "engine",
    "--into": "into",
}
_FLAGS: dict[str, tuple[str, object]] = {
    "-n": ("dry_run", True),
    "--dry-run": ("dry_run", True),
    "--json": ("json", True),
    "--detailed-exit-code": ("detailed_exit_code", True),
    "--outside": ("outside", True),
    "--yes": ("yes", True),
}


class PrepareWishes(Wishes):
    """What was asked of `prepare`; an attribute for each option."""

    def __init__(self) -> None:
        super().__init__()
        self.dry_run = False
        self.json = False
        self.out: str | None = None
        self.detailed_exit_code = False
        self.only: list[str] = []
        self.use = ""
        self.outside = False
        self.engine = "auto"
        self.into = ""
        self.yes = False
        self.target = "compose"
        self.node: list[str] = []


def run(arguments: list[str]) -> int:
    """Prepare the project; 0 done or nothing to do, 1 a step failed, or one is left that the boot
    needs: what is outside the project, and whose lack is an error.
    """
    options = _wishes_from(arguments)
    services, options.directory, _ = project_of(
        options.service,
        options.directory,
        options.into,
        "prepare",
        yes=options.yes,
        has_files=bool(options.file),
    )
    options.service = list(services)
    request = options.request()
    base = os.path.abspath(options.directory)
    only = tuple(name for value in options.only for name in value.split(",") if name)
    if options.target == "swarm" or options.node:
        return _for_swarm(options, request, base, only)
    try:
        prepared = prepare(
            request,
            os.environ,
            only=only,
            dry_run=options.dry_run or bool(options.out),
            outside=options.outside,
            engine=options.engine != "none",
            use=options.use,
            progress=lambda step, changed: tell(step, base, changed=changed),
        )
    except ApplyError as error:
        name = describe(error.step.action, base)[1]
        print(
            f"bootready: step '{printable(name)}' failed, {len(error.done)} done before it",
            file=sys.stderr,
        )
        raise
    if options.out:
        steps, sources = prepared.plan, prepared.sources
        from bootready.pipeline.stored import save_plan

        save_plan(options.out, steps, prepared.directory, sources, outside=options.outside)
    if options.json:
        print(steps_json(prepared.plan, prepared.done, prepared.directory))
    elif options.dry_run or options.out:
        sys.stdout.write(render_plan(prepared.plan, prepared.directory) or "nothing to do\n")
    else:
        _summary(prepared)
    _say_what_is_left(prepared)
    if prepared.is_left:
        return 1
    return 2 if options.detailed_exit_code and prepared.plan.steps else 0


def _say_what_is_left(prepared: Prepared) -> None:
    """Write to standard error what the plan does not do, and who does it."""
    if prepared.generators:
        names = printable(", ".join(prepared.generators))
        print(f"the project has its own generator, which was not run: {names}", file=sys.stderr)
    for reason in prepared.withdrawn:
        print(f"withdrawn: {printable(reason)}", file=sys.stderr)
    for step in prepared.refused:
        path = describe(step.action, prepared.directory)[1]
        print(
            f"left: '{printable(path)}' is outside the project; --outside creates it",
            file=sys.stderr,
        )
    for message in prepared.literal:
        print(
            f"left: {printable(message)}; `bootready fix --apply` makes a variable of it, which"
            " `bootready prepare` sets",
            file=sys.stderr,
        )
    for message in prepared.copied:
        print(f"left: {printable(message)}, copied from the example; set your own", file=sys.stderr)


def _for_swarm(options: PrepareWishes, request: Request, base: str, only: tuple[str, ...]) -> int:
    from bootready.cli.words.prepare_swarm import Asked, prepare_for_swarm

    if options.target != "swarm":
        raise UsageError("--node names a node of a swarm", "add --target swarm")
    asked = Asked(
        request,
        base,
        only,
        tuple(options.node),
        dry_run=options.dry_run,
        outside=options.outside,
        use=options.use,
        yes=options.yes,
        json=options.json,
        detailed=options.detailed_exit_code,
        out=bool(options.out),
    )
    return prepare_for_swarm(asked)


def _summary(prepared: Prepared) -> None:
    if not prepared.done:
        print("already prepared, nothing to do")
        return
    count = len(prepared.done)
    from shlex import quote

    where = os.path.relpath(os.path.realpath(prepared.directory), os.path.realpath(os.curdir))
    undo = "bootready undo" if where == "." else f"bootready undo -C {quote(where)}"
    print(f"prepared: {count} {'step' if count == 1 else 'steps'}; `{undo}` undoes them")
    for step in prepared.done:
        action = step.action
        if isinstance(action, GenerateSecret) and action.kind is SecretKind.PLACEHOLDER:
            path = shown(action.path, prepared.directory)
            print(f"warning: '{printable(path)}' is a placeholder; put the real credential there")
    for path in prepared.open_to_all:
        name = printable(shown(path, prepared.directory))
        print(
            f"warning: '{name}' can be read by every user of this machine, as its services run as"
            " users without a group of their own, and its directory is open"
        )


def _wishes_from(arguments: list[str]) -> PrepareWishes:
    """Return what `arguments` ask for. Raises UsageError for what nobody can."""
    wishes = PrepareWishes()
    usual = read_usual(arguments, wishes, _VALUES, _FLAGS)
    return wishes if usual and wishes.engine in _ENGINES else _parsed(arguments)


def _parsed(arguments: list[str]) -> PrepareWishes:
    """Return what argparse makes of `arguments`; it prints the help, or refuses."""
    from argparse import RawDescriptionHelpFormatter

    from bootready.cli.words.options import Parser, add_project_options

    parser = Parser(
        prog="bootready prepare",
        description="Create missing prerequisites: .env, secrets, certificates, directories.",
        epilog=EXAMPLES,
        formatter_class=RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "service",
        nargs="*",
        metavar="services",
        help="only for these and their dependencies; the address of a repository is cloned first",
    )
    parser.add_argument(
        "-n", "--dry-run", action="store_true", help="print the plan, write nothing"
    )
    add_plan_options(parser)
    parser.add_argument(
        "--only",
        nargs="+",
        action="extend",
        default=[],
        metavar="KIND",
        help="environment, directories, secrets, certificates, permissions, volumes, networks",
    )
    parser.add_argument(
        "--use",
        metavar="FILE",
        default="",
        help="create the .env file from this one: assignments, or a script of plain exports",
    )
    parser.add_argument(
        "--outside", action="store_true", help="also create paths outside the project"
    )
    parser.add_argument(
        "--engine", choices=_ENGINES, default="auto", help="none: do not query the engine"
    )
    parser.add_argument(
        "--target",
        choices=("compose", "swarm"),
        default="compose",
        help="swarm: create what the swarm lacks, too; --only also knows labels and images",
    )
    parser.add_argument(
        "--node",
        action="append",
        default=[],
        metavar="NODE=WAY",
        help="of a swarm: load images into the engine of NODE, which the docker client reaches by"
        " WAY: a context, or an address such as ssh://host; repeatable",
    )
    add_repository_options(parser)
    add_project_options(parser)
    wishes = PrepareWishes()
    for name, value in vars(parser.parse_args(arguments)).items():
        setattr(wishes, name, value)
    return wishes
