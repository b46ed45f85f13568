#!/usr/bin/env python3
"""The verdict of a job as Markdown, and the graph -> one comment at its pull request, kept new.

It needs `pull-requests: write` and nothing else. Without it, as for a fork, or at another event, it
says so and succeeds: the verdict is that of the step before. Standard library only.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import sys
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

LIMIT = 65_536
"""Characters that GitHub takes in a comment."""
PAGES = 20
"""Of a hundred comments each, in which the one of before is looked for."""
CUT = "\n\nThe rest is in the log of the job.\n"


def body(directory: str, verdict: str, graph: str) -> str:
    """Return the text of the comment: a marker that no reader sees, the verdict, the graph."""
    found = f"{marker(directory)}\n{quiet(verdict.strip())}\n"
    if len(found) > LIMIT:
        return found[: LIMIT - len(CUT)].rpartition("\n")[0] + CUT
    if graph.strip():
        longest = max(map(len, re.findall(r"`+", graph)), default=0)
        fence = "`" * max(3, longest + 1)
        drawn = f"\n<details><summary>graph</summary>\n\n{fence}mermaid\n{graph.strip()}\n{fence}\n"
        drawn += "\n</details>\n"
        if len(found) + len(drawn) <= LIMIT:
            found += drawn
    return found


def marker(directory: str) -> str:
    """Return what the comment on the projects in `directory` begins with."""
    return f"<!-- bootready {hashlib.sha256(directory.encode()).hexdigest()[:16]} -->"


def quiet(text: str) -> str:
    """Return Markdown in which nobody is called by name, and no other issue is referred to."""
    return re.sub(r"@(?=\w)|#(?=\d)|(?i:\bGH-)(?=\d)", lambda found: f"{found[0]}\u200b", text)


class Api:
    """GitHub's API of one repository, as a job may use it."""

    def __init__(self, address: str, repository: str, token: str) -> None:
        self.base = f"{address}/repos/{repository}"
        self.token = token

    def ask(self, method: str, path: str, content: dict[str, str] | None = None) -> Any:  # noqa: ANN401
        """Return what it answers. Raises OSError, of which HTTPError is one."""
        request = urllib.request.Request(  # noqa: S310 - the address is the runner's
            f"{self.base}{path}",
            method=method,
            data=None if content is None else json.dumps(content).encode(),
            headers={
                "Accept": "application/vnd.github+json",
                "Authorization": f"Bearer {self.token}",
                "Content-Type": "application/json",
                "User-Agent": "bootready",
                "X-GitHub-Api-Version": "2022-11-28",
            },
        )
        with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310 - as above
            return json.load(answer)

    def comment_of(self, pull: int, start: str) -> int | None:
        """Return the number of the comment of a program that begins with `start`, if any."""
        for page in range(1, PAGES + 1):
            found = self.ask("GET", f"/issues/{pull}/comments?per_page=100&page={page}")
            for one in found:
                is_ours = (one.get("user") or {}).get("type") == "Bot"
                if is_ours and str(one.get("body") or "").startswith(start):
                    return int(one["id"])
            if len(found) < 100:
                return None
        return None


def main() -> int:
    """Write the comment, or say why not; 0 in any case."""
    directory = os.environ.get("BOOTREADY_DIRECTORY", ".")
    pull = number_of(os.environ["GITHUB_EVENT_PATH"])
    if pull is None:
        return told("this is no pull request")
    temporary = Path(os.environ["RUNNER_TEMP"])
    verdict = text_of(temporary / "bootready.md")
    if not verdict:
        return told("there is no verdict")
    content = {"body": body(directory, verdict, text_of(temporary / "bootready.mmd"))}
    api = Api(
        os.environ["GITHUB_API_URL"], os.environ["GITHUB_REPOSITORY"], os.environ["BOOTREADY_TOKEN"]
    )
    try:
        known = api.comment_of(pull, marker(directory))
        if known is None:
            api.ask("POST", f"/issues/{pull}/comments", content)
        else:
            api.ask("PATCH", f"/issues/comments/{known}", content)
    except urllib.error.HTTPError as error:
        why = "it needs `pull-requests: write`, which a fork's job does not have"
        return told(f"GitHub answers {error.code}{f'; {why}' if error.code in {401, 403} else ''}")
    except (OSError, ValueError) as error:
        return told(f"GitHub does not answer: {type(error).__name__}")
    return 0


def number_of(event: str) -> int | None:
    """Return the number of the pull request of the event in that file, None for another event."""
    try:
        number = json.loads(Path(event).read_text(encoding="utf-8"))["pull_request"]["number"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return number if isinstance(number, int) else None


def text_of(path: Path) -> str:
    """Return the text of a file, '' where there is none."""
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def told(why: str) -> int:
    """Say why there is no comment, and succeed."""
    print(f"::notice::no comment of bootready: {why}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
