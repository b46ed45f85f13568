"""Every pattern of the package on texts that grow: prints those whose time is not that of a line.

Those whose parts already tell that (`degrees.py`) are counted, not timed.

A program of its own, because a pattern that does not end can only be stopped with its process.
"""

import ast
import importlib
import json
import pathlib
import pkgutil
import re
import signal
import sys
import time
from collections.abc import Iterator

from degrees import degree

import bootready
from bootready.knowledge.secrets import commands
from bootready.model.lines import LONGEST
from bootready.regex import LazyPattern

SEEDS = """a - 0 1. a. a- a_ _ -a --a password password_ --password --password- secret. = a=
' " / /a a/
./ ../ : a: :// a:// a://a: a://a@ @ x@ . .. $ ${ ${a ${password:- $$ \\ \\\\ eyJ eyJaaaaaaaa. A A_
AA_A -----BEGIN sk- xoxb-
ghp_ $2a$ # [ (
<!-- Host( ` \x1b[ \x1b] 0- 1: 0x e 1e 1_ 1:0 pass= 'a' 'a
exec: /a: {{ ${a} | ; & , *""".split()  # noqa: SIM905 - a list would take a screen
SEEDS += [
    *(" ", "\t", "a ", " a", "= ", "- ", ": ", "# ", "a: ", "/a ", "--a ", "mysql ", "curl -u "),
    *(
        "redis-cli ",
        "-p ",
        "dial tcp ",
        "connect failed ",
        "open /a",
        "host ",
        "lookup ",
        "line 1 ",
    ),
    *("missing A", "required ", "certificate is valid for ", "for ", "error: ", "[emerg] in /a:"),
    *(
        "Bearer ",
        "Cookie: ",
        "token ",
        "password is ",
        "localhost:1 ",
        "/a: ",
        "invalid locale name ",
    ),
    *("Bad ", "-----BEGIN PRIVATE KEY-----", "network a ", "option ", "\n", " \n", "a\n", "\\r"),
    *("FATAL: ", "# bootready: ignore[", "service 'a': ", "| | ", "export ", "name: ", "- a: "),
]
GUARD = 5.0
"""Processor seconds after which a search is given up, so that the others are tried too."""
ENDS = ("", "!")
STARTS = ("", "password=")
SHORT = 500
BRIEF = 0.012
"""Seconds that a line of SHORT characters takes before that of the greatest length is tried too.

Between the two the third power of the length grows by 64, so what exceeds the limit takes twice as
much here; what grows by 16, as a square does, and stays below this is far below the limit there.
"""


def patterns() -> dict[tuple[str, int], str]:
    """Return every pattern that a module or a table of one holds, with where it was found."""
    found: dict[tuple[str, int], str] = {}
    for module in pkgutil.walk_packages(bootready.__path__, "bootready."):
        if module.name.endswith("__main__"):
            continue
        loaded = importlib.import_module(module.name)
        for name, value in list(vars(loaded).items()):
            if not name.startswith("__"):
                _collect(value, f"{module.name}.{name}", found, 0)
    for pattern in commands.patterns():
        found.setdefault((pattern.pattern, pattern.flags), "knowledge.secrets.commands")
    for path in sorted(pathlib.Path(bootready.__path__[0]).rglob("*.py")):
        _written_in(path, found)
    return found


def _written_in(path: pathlib.Path, found: dict[tuple[str, int], str]) -> None:
    """Add the patterns that are written where they are used, and name those that are built."""
    for node in ast.walk(ast.parse(path.read_text())):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        if not isinstance(node.func.value, ast.Name) or node.func.value.id != "re":
            continue
        if node.func.attr == "escape" or not node.args:
            continue
        pattern = node.args[0]
        where = f"{path.parent.name}/{path.name}:{node.lineno}"
        if isinstance(pattern, ast.Constant):
            found.setdefault((pattern.value, re.compile(pattern.value).flags), where)
        elif not (isinstance(pattern, ast.Name) and pattern.id.lstrip("_").isupper()):
            BUILT.add(f"{path.parent.name}/{path.name}: {ast.unparse(pattern)}")


BUILT: set[str] = set()
"""Patterns that are put together when they are used, as the source writes them."""


def _collect(value: object, where: str, found: dict[tuple[str, int], str], depth: int) -> None:  # noqa: C901 - a case for each kind of value
    if isinstance(value, re.Pattern | LazyPattern):
        if isinstance(value.pattern, str):
            found.setdefault((value.pattern, value.flags), where)
    elif isinstance(value, str):
        if len(value) > 3 and re.search(r"[)\]}.\w][*+?{]|\\[wsdbS]|\|", value):
            try:
                found.setdefault((value, re.compile(value).flags), where)
            except (re.error, OverflowError):
                return
    elif depth < 4 and isinstance(value, tuple | list | set | frozenset):
        for item in value:
            _collect(item, where, found, depth + 1)
    elif depth < 4 and isinstance(value, dict):
        for item in value.values():
            _collect(item, where, found, depth + 1)
    elif depth < 2 and isinstance(value, type) and value.__module__.startswith("bootready"):
        for name, item in list(vars(value).items()):
            if not name.startswith("__"):
                _collect(item, f"{where}.{name}", found, depth + 1)


def spent(pattern: re.Pattern[str], text: str) -> float:
    """Return the processor seconds of looking for `pattern` all over `text`."""
    began = time.process_time()
    signal.setitimer(signal.ITIMER_PROF, GUARD)
    try:
        for _ in pattern.finditer(text):
            pass
    except TimeoutError:
        pass  # what it has spent says it
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
    return time.process_time() - began


def _given_up(*_: object) -> None:
    raise TimeoutError


def _texts() -> Iterator[tuple[str, str, str]]:
    """Yield beginnings, seeds and ends of lines."""
    for seed in SEEDS:
        for start in STARTS:
            for end in ENDS:
                yield start, seed, end


def line(start: str, seed: str, end: str, length: int) -> str:
    """Return a line of so many characters: its beginning, the seed again and again, its end."""
    size = length - len(start) - len(end)
    return start + (seed * (size // len(seed) + 1))[:size] + end


def main() -> None:
    signal.signal(signal.SIGPROF, _given_up)
    limit = float(sys.argv[1])
    slow: list[tuple[float, str, str]] = []
    every = patterns()
    texts = list(_texts())
    timed = {key: where for key, where in every.items() if degree(*key) > 1}
    for (source, flags), where in timed.items():
        pattern = re.compile(source, flags)
        print(where, file=sys.stderr, flush=True)  # noqa: T201 - tells where a child hangs
        worst = (0.0, "")
        for start, seed, end in texts:
            if worst[0] > GUARD / 2:
                break
            if start and not re.search("pass|=", source):
                continue  # to such a pattern the beginning is one more word
            if spent(pattern, line(start, seed, end, SHORT)) < BRIEF:
                continue
            took = spent(pattern, line(start, seed, end, LONGEST))
            if took > worst[0]:
                worst = took, f"{start!r} {seed!r} {end!r}"
        if worst[0] > limit:
            slow.append((worst[0], where, f"{worst[1]} {source[:90]}"))
    told = {
        "patterns": len(every),
        "timed": len(timed),
        "built": sorted(BUILT),
        "slow": sorted(slow, reverse=True),
    }
    json.dump(told, sys.stdout)


if __name__ == "__main__":
    main()
