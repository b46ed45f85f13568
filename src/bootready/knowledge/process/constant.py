"""A healthcheck as the shell will read it -> whether it fails whatever happens in the container."""

from __future__ import annotations

from bootready.regex import regex

_REDIRECTION = regex(r"\s*[0-9]?>(?:&[0-9]|\s*/dev/null)")
_ALTERNATIVE = regex(r"\s*\|\|\s*exit\s+[1-9]\d*\s*$")
_UNKNOWN = regex(r"[$`;&|<>()*?\n]")
"""With any of these in it a text is more than one command on constant words."""


def always_fails(test: tuple[str, ...]) -> bool:
    """Tell whether `test` (``CMD``, ``CMD-SHELL`` first) fails in every container.

    Only what is constant is judged: ``false``, ``exit 1`` and comparisons of words without a
    variable, as in ``test "" = ok``. Anything else may pass.
    """
    if test[:1] == ("CMD",):
        return _fails(list(test[1:]))
    if test[:1] != ("CMD-SHELL",) or len(test) != 2:
        return False
    script = _ALTERNATIVE.sub("", _REDIRECTION.sub("", test[1])).strip()
    if _UNKNOWN.search(script):
        return False
    import shlex

    try:
        return _fails(shlex.split(script))
    except ValueError:
        return True  # a quote that nothing closes


def _fails(words: list[str]) -> bool:
    match words:
        case ["false"]:
            return True
        case ["exit", code]:
            return code not in {"", "0"}
        case ["[", *inner, "]"]:
            return _untrue(inner)
        case ["test", *inner]:
            return _untrue(inner)
        case ["pg_isready", *arguments]:
            return _misused(arguments, "dhptU")
    return False


def _misused(arguments: list[str], valued: str) -> bool:
    """Tell whether a program without operands got one, or an option of `valued` lost its value, as
    in ``pg_isready -U -d shop``, which takes ``-d`` for the user.
    """
    rest = list(arguments)
    while rest:
        word = rest.pop(0)
        if word.startswith("--") or (word[:1] == "-" and word[1:2] not in valued):
            continue
        if word[:1] != "-":
            return True
        if len(word) == 2:
            if not rest:
                return True
            rest.pop(0)
    return False


def _untrue(words: list[str]) -> bool:
    match words:
        case [] | [""] | ["-n", ""]:
            return True
        case ["-z", text]:
            return text != ""
        case [left, "=" | "==", right]:
            return left != right
        case [left, "!=", right]:
            return left == right
        case ["=" | "==" | "!=" | "-eq" | "-ne" | "-lt" | "-gt" | "-le" | "-ge", _]:
            return True  # the left side is gone: "unexpected operator"
    return False
