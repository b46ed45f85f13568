"""A topic and an id -> a check module and its fixture directory, both failing until written.

usage: python scripts/new_check.py TOPIC CHECK-ID      (make new-check TOPIC=... ID=...)
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

MODULE = '''"""{words}: what Compose and the engine make of it is on the page below."""

from __future__ import annotations

from bootready.check.api import Context, Finding, Iterator, Report, Severity, check


@check(
    summary="TODO in words, without a full stop",
    severity=Severity.WARNING,
    since="0.1.0",
    reference="https://docs.docker.com/reference/compose-file/",
)
def {name}(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    TODO

    ## Why it matters
    TODO

    ## What you see
    TODO

    ## Remedy
    TODO

    ## When to silence it
    TODO
    """
    for service in context.project.services:
        yield report(service.location, f"service '{{service.name}}': TODO")
'''

PROJECT = """# TODO the smallest project that {what}
services:
  web:
    image: bootready.local/busybox:1
    command: [sleep, "300"]
"""


def main(arguments: list[str]) -> int:
    """Write the skeletons; 2 for a wrong call, 1 where something is there already."""
    if len(arguments) != 2 or not re.fullmatch(r"[a-z]\w*", arguments[0].replace("-", "_")):
        print(__doc__, file=sys.stderr)
        return 2
    topic, check_id = arguments[0].replace("-", "_"), arguments[1]
    if not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)+", check_id):
        print(f"'{check_id}' must be kebab-case words that name the problem", file=sys.stderr)
        return 2
    name = check_id.replace("-", "_")
    package = ROOT / "src" / "bootready" / "catalogue" / topic
    fixture = ROOT / "tests" / "catalogue" / check_id
    files = {
        package / "__init__.py": f'"""Checks of the topic {topic.replace("_", " ")}."""\n',
        package / f"{name}.py": MODULE.format(words=check_id.replace("-", " "), name=name),
        fixture / "bad" / "compose.yaml": PROJECT.format(what="shows it"),
        fixture / "good" / "compose.yaml": PROJECT.format(what="must stay silent"),
    }
    if (package / f"{name}.py").exists() or fixture.exists():
        print(f"check '{check_id}' is there already", file=sys.stderr)
        return 1
    for path, text in files.items():
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            print(path.relative_to(ROOT))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
