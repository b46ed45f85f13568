"""`bootready up`: prepare, check, boot with Compose, watch, verify; or say why it is not up."""

from __future__ import annotations

import os
import sys
from argparse import Namespace

from bootready.cli.words.options import Parser, add_project_options, request_from
from bootready.cli.words.page import require_page
from bootready.cli.words.repository import add_repository_options, project_of
from bootready.cli.words.stopping import stop_when_told
from bootready.model.finding import Severity
from bootready.model.printable import printable, safe_json
from bootready.model.project import Project
from bootready.pipeline import check, load, observe, root_of
from bootready.pipeline.up import down, shown_sources, up
from bootready.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from bootready.boot.up import View
    from bootready.model.boot import BootOutcome
    from bootready.model.request import Request

EXAMPLES = """examples:
  bootready up                      the project in this directory
  bootready up web                  this service and what it depends on
  bootready up https://github.com/owner/shop    clone it into ./shop first
  bootready up --timeout 120        give up after two minutes
  bootready up --json               progress and result as JSON lines
  bootready up --page               follow it in a browser
  bootready up --report -           show when each service became ready, and the critical path
  bootready up --registry           ask the registries before pulling anything
  bootready up --no-prepare         change nothing before the boot
  bootready up --target swarm       deploy it as a stack to a Docker Swarm, watch and verify
"""


def run(arguments: list[str]) -> int:
    """Boot the project; 0 only if every service is up and every endpoint answered, else 1."""
    from bootready.boot.progress import view_for
    from bootready.report.boot import boot_values, render_boot

    options = _parser().parse_args(arguments)
    if options.page:
        require_page()
    stop_when_told()
    options.services, options.directory, is_new = project_of(
        options.services,
        options.directory,
        options.into,
        "up",
        yes=options.yes,
        has_files=bool(options.file),
    )
    request = request_from(options, options.services)
    prepare = [*arguments_of(options), *options.services]
    if options.target == "swarm":
        # Its networks are overlays; without a terminal, `up` itself is the consent.
        prepare += ["--target", "swarm", *(["--yes"] if options.yes else [])]
    if is_new and not options.no_prepare:
        code = _prepare([*prepare, "--dry-run"])
        if code > 1:
            return code
    if not options.no_prepare:
        code = _prepare(prepare)
        if code > 1:
            return code
        # What could not be prepared (1) is named with its place by the checks that follow.
    project = load(request, os.environ)
    swarm = options.target == "swarm"
    if not options.no_check and not _checked(
        project, as_json=options.json, registry=options.registry, swarm=swarm
    ):
        return 1
    colour = "NO_COLOR" not in os.environ and os.environ.get("TERM") != "dumb"
    stream = sys.stdout if options.json else sys.stderr
    grouped = os.environ.get("GITHUB_ACTIONS") == "true"
    view = view_for(stream, as_json=options.json, colour=colour, grouped=grouped)
    booted = _on_a_page if options.page else _booted
    outcome = booted(project, request, options, view)
    if options.json:
        print(safe_json(boot_values(outcome), indent=None), flush=True)
    else:
        print(
            render_boot(outcome, shown_sources(project, outcome), project.directory),
            end="",
            flush=True,
        )
    if options.report:
        _write_report(options.report, outcome)
    if outcome.ready:
        return 0
    _leave(project, request, options, outcome)
    return 130 if outcome.interrupted else 1


def _booted(project: Project, request: Request, options: Namespace, view: View) -> BootOutcome:
    from bootready.boot.up import Options

    wishes = Options(options.timeout, options.settle, tuple(options.services), options.build)
    if options.target == "swarm":
        from bootready.pipeline.deploy import deploy

        return deploy(request, os.environ, wishes, view, _say)
    return up(project, request, os.environ, wishes, view)


def _on_a_page(project: Project, request: Request, options: Namespace, view: View) -> BootOutcome:
    from bootready.page.follow import boot_on_page, put_end

    with boot_on_page(project, request, os.environ, view) as (address, shown):
        print(f"page: {address}", file=sys.stderr, flush=True)
        outcome = _booted(project, request, options, shown)
        put_end(project, shown, outcome)
    return outcome


def _leave(project: Project, request: Request, options: Namespace, outcome: BootOutcome) -> None:
    """Say what is left of a boot that failed, or take it down."""
    if options.target == "swarm":
        _leave_stack(project, request, options, outcome)
    elif options.down_on_failure:
        down(request, os.environ)
        print("taken down after the failure; data was kept", file=sys.stderr)
    elif not options.json:
        made = any(state.created is not None for state in outcome.states)
        words = "left running for inspection: docker compose ps; bootready diagnose"
        print(words if made else "no container was created", file=sys.stderr)


def _leave_stack(
    project: Project, request: Request, options: Namespace, outcome: BootOutcome
) -> None:
    """Say what is left of a stack that did not come up, or remove it."""
    stack = printable(project.name)
    if not outcome.states:
        _say("nothing was deployed")
    elif options.down_on_failure and not outcome.interrupted:
        from bootready.pipeline.deploy import stack_down

        _, left = stack_down(request, os.environ, options.timeout, _say)
        done = "taken down after the failure" if left.is_nothing else f"left: {left.words}"
        _say(f"{done}; data was kept")
    else:
        words = "the swarm goes on with what it was given" if outcome.interrupted else ""
        where = f"docker stack ps --no-trunc {stack}; bootready diagnose --target swarm"
        _say(f"{words}; look at it: {where}" if words else f"left running for inspection: {where}")


def _say(words: str) -> None:
    print(printable(words), file=sys.stderr)


def arguments_of(options: Namespace) -> list[str]:
    """Return the project options as the arguments that other commands take."""
    pairs = [("-C", [options.directory]), ("-f", options.file), ("--env-file", options.env_file)]
    pairs += [("--profile", options.profile)]
    pairs += [("-p", [options.project_name] if options.project_name else [])]
    directory = options.project_directory
    pairs += [("--project-directory", [directory] if directory else [])]
    return [word for flag, values in pairs for value in values for word in (flag, value)]


def _prepare(arguments: list[str]) -> int:
    from contextlib import redirect_stdout

    from bootready.cli import run as run_command

    # What `prepare` prints belongs to the progress here: standard output is for the result.
    with redirect_stdout(sys.stderr):
        return run_command(["prepare", *arguments])


def _checked(project: Project, *, as_json: bool, registry: bool, swarm: bool) -> bool:
    from bootready.check.api import Trait
    from bootready.check.discover import with_trait
    from bootready.check.settings import read_settings
    from bootready.report.formats.text import Source, is_ready, render_verdict

    settings = read_settings(project.directory, root_of(project.directory))
    evidence = observe(project, os.environ, registry=registry, swarm=swarm)
    verdict = check(evidence, settings=settings)
    if is_ready(verdict, Severity.ERROR):
        told_before = with_trait(Trait.TOLD_BEFORE_BOOT)
        for finding in verdict.findings:
            if finding.check_id in told_before:  # nobody sees these in what follows
                print(printable(f"warning: {finding.message}; {finding.hint}"), file=sys.stderr)
        return True
    root = root_of(project.directory)
    source = Source(project.directory, project.sources, Severity.ERROR, root)
    stream = sys.stderr if as_json else sys.stdout
    stream.write(render_verdict(verdict, source, verbose=False))
    print("not booted; use --no-check to boot anyway", file=sys.stderr)
    return False


def _write_report(target: str, outcome: BootOutcome) -> None:
    from bootready.apply.output import write_output
    from bootready.report.timeline import render_timeline, timeline_values

    if target.endswith(".json"):
        text = safe_json(timeline_values(outcome)) + "\n"
    else:
        text = render_timeline(outcome)
    if target == "-":
        sys.stderr.write(text)
        return
    try:
        write_output(target, text)
    except OSError as error:
        print(f"bootready: '{target}' cannot be written: {error.strerror}", file=sys.stderr)


def _parser() -> Parser:
    from argparse import RawDescriptionHelpFormatter

    parser = Parser(
        prog="bootready up",
        description="Prepare, check, boot and verify this project, and explain every failure.",
        epilog=EXAMPLES,
        formatter_class=RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "services",
        nargs="*",
        help="only these and their dependencies; the address of a repository is cloned first",
    )
    parser.add_argument(
        "--timeout",
        type=float,
        default=600.0,
        metavar="SECONDS",
        help="give up after this time, without image pulls (600)",
    )
    parser.add_argument(
        "--settle",
        type=float,
        default=2.0,
        metavar="SECONDS",
        help="how long a service without a healthcheck must run without a restart (2)",
    )
    parser.add_argument(
        "--target",
        choices=("compose", "swarm"),
        default="compose",
        help="swarm: deploy the project as a stack to the swarm that the docker client asks",
    )
    parser.add_argument("--json", action="store_true", help="JSON lines on standard output")
    parser.add_argument("--build", action="store_true", help="build images before starting")
    parser.add_argument(
        "--no-prepare", action="store_true", help="do not create missing prerequisites"
    )
    parser.add_argument("--no-check", action="store_true", help="boot despite findings")
    parser.add_argument(
        "--registry",
        action="store_true",
        help="ask the registries before anything is pulled: what is missing, too large or refused",
    )
    parser.add_argument(
        "--page",
        action="store_true",
        help="print the address of a page that follows the boot, on the loopback interface",
    )
    parser.add_argument(
        "--report",
        metavar="FILE",
        help="write the timeline to FILE (JSON if it ends in .json); '-' shows it",
    )
    parser.add_argument(
        "--down-on-failure", action="store_true", help="do not leave a half-started stack behind"
    )
    add_repository_options(parser)
    add_project_options(parser)
    return parser
