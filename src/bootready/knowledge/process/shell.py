"""A line for `sh -c` -> the program whose absence certainly fails it, or ''."""

from __future__ import annotations

from bootready.knowledge.process.argv import is_a_shell
from bootready.regex import regex

_NAME = regex(r"[A-Za-z0-9_./+-]+")
_ASSIGNMENT = regex(r"[A-Za-z_]\w*=")
_RUNS = regex(r"-[a-z]*c")
_EXITS = regex(r"exit [1-9]\d*")
_FAILS = frozenset({"false", "exit 1"})

WORDS = frozenset(
    (
        *("!", ".", ":", "[", "[[", "{", "(", "alias", "bg", "break", "case", "cd", "command"),
        *("continue", "do", "done", "echo", "elif", "else", "esac", "eval", "exec", "exit"),
        *("export", "false", "fg", "fi", "for", "function", "getopts", "hash", "if", "in", "jobs"),
        *("kill", "let", "local", "printf", "pwd", "read", "readonly", "return", "select", "set"),
        *("shift", "source", "test", "then", "time", "times", "trap", "true", "type", "ulimit"),
        *("umask", "unalias", "unset", "until", "wait", "while"),
    )
)
"""What a shell knows without a program: built-ins and reserved words."""

_STARTERS = frozenset({"timeout", "env", "nice"})
"""Programs that start the program in their arguments."""
_WITH_VALUE = frozenset({"-k", "--kill-after", "-s", "--signal", "-n", "-u"})
"""Their options whose value is the next word."""


def decisive_program(line: str) -> str:
    """Return the program without which `line` can only fail; '' where other ways may lead out.

    ``curl -f URL || exit 1`` cannot pass without curl; ``curl URL || wget URL`` can.
    """
    return next((name for name in map(_program, decisive_commands(line)) if name), "")


def decisive_commands(line: str) -> list[list[str]]:
    """Return the words of the commands each of which has to succeed for `line` to succeed.

    None where a pipe, a loop, a list or a fallback makes that hard to tell.
    """
    if "\n" in line.strip():
        return []
    import shlex

    try:
        lexer = shlex.shlex(line, posix=False, punctuation_chars=True)
        lexer.whitespace_split = True
        lexer.commenters = ""
        words = list(lexer)
    except ValueError:
        return []
    first, rest = words, list[str]()
    for position, word in enumerate(words):
        if word in {"||", "|", ";", "&", "(", ")", ";;"}:
            first, rest = words[:position], words[position:]
            break
    if rest and not _only_fails(rest):
        return []
    commands: list[list[str]] = [[]]
    for word in first:
        if word == "&&":
            commands.append([])
        else:
            commands[-1].append(word)
    return commands


def line_of(words: tuple[str, ...]) -> str | None:
    """Return the line in ``sh -c LINE`` and ``CMD-SHELL LINE``, None where there is no shell."""
    if words[:1] == ("CMD-SHELL",):
        return words[1] if len(words) > 1 else ""
    if words[:1] == ("CMD",):
        words = words[1:]
    if not words or not is_a_shell(words[0]):
        return None
    for position, word in enumerate(words[1:-1], 1):
        if _RUNS.fullmatch(word):
            return words[position + 1]
        if not word.startswith("-"):
            return None
    return None


def _only_fails(rest: list[str]) -> bool:
    words = " ".join(rest[1:])
    return rest[0] == "||" and (words in _FAILS or _EXITS.fullmatch(words) is not None)


def _program(words: list[str]) -> str:
    while words and (_ASSIGNMENT.match(words[0]) or words[0] in _STARTERS):
        words = _started(words)
    if not words or words[0] in WORDS or not _NAME.fullmatch(words[0]):
        return ""
    return words[0]


def _started(words: list[str]) -> list[str]:
    """Return what is left of a command without the assignment or the program that starts it."""
    first, *rest = words
    while first in _STARTERS and rest and rest[0].startswith("-"):
        rest = rest[1:] if "=" in rest[0] or rest[0] not in _WITH_VALUE else rest[2:]
    return rest[1:] if first == "timeout" else rest
