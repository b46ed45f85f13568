"""`bootready checks`: the catalogue, one line per check, by topic."""

from __future__ import annotations

from bootready.check.api import Check
from bootready.check.discover import discover
from bootready.cli.words.options import Parser

EXAMPLES = """examples:
  bootready checks            all of them, by topic
  bootready checks secrets    one topic
  bootready checks --json     for programs
"""


def run(arguments: list[str]) -> int:
    """List the catalogue; 0."""
    from argparse import RawDescriptionHelpFormatter

    parser = Parser(
        prog="bootready checks",
        description="List every check of the catalogue.",
        epilog=EXAMPLES,
        formatter_class=RawDescriptionHelpFormatter,
    )
    parser.add_argument("topics", nargs="*", help="only these topics")
    parser.add_argument("--json", action="store_true", help="for programs")
    options = parser.parse_args(arguments)
    chosen = [c for c in discover() if not options.topics or c.topic in options.topics]
    print(_json(chosen) if options.json else _table(chosen))
    return 0


def _table(checks: list[Check]) -> str:
    width = max((len(check.id) for check in checks), default=0)
    lines: list[str] = []
    for topic in sorted({check.topic for check in checks}):
        lines += [f"{topic.replace('_', ' ')}:"]
        lines += [
            f"  {check.id:<{width}}  {check.severity.value:<7}  {check.summary}"
            for check in checks
            if check.topic == topic
        ]
        lines.append("")
    lines.append(f"{len(checks)} checks; `bootready explain CHECK` prints the page of one")
    return "\n".join(lines)


def _json(checks: list[Check]) -> str:
    import json

    from bootready.report.page import check_object

    return json.dumps([check_object(check) for check in checks], indent=2)
