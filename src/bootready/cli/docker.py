"""`docker bootready`: what the docker client calls: its metadata, and our commands behind it.

The client hands on its own options in front of our name, as in ``docker --context x bootready up``;
they say which engine is meant.
"""

from __future__ import annotations

import os

from bootready.apply.plugin_metadata import ASKED, METADATA
from bootready.errors import UsageError

_FLAGS = frozenset({"-D", "--debug", "--tls"})
_VARIABLES = {
    "-c": "DOCKER_CONTEXT",
    "--context": "DOCKER_CONTEXT",
    "-H": "DOCKER_HOST",
    "--host": "DOCKER_HOST",
    "--config": "DOCKER_CONFIG",
    "-l": "",
    "--log-level": "",
}
"""Options with a value -> the variable that means the same, '' for none that we need."""
_OTHERWISE = {"DOCKER_CONTEXT": "DOCKER_HOST", "DOCKER_HOST": "DOCKER_CONTEXT"}
"""What an option overrules."""


def run(arguments: list[str]) -> int:
    """Answer the docker client; the exit code is that of the command behind it."""
    from bootready.cli import run as run_command

    if arguments[:1] == [ASKED]:
        print(METADATA)
        return 0
    if arguments[:1] in (["__complete"], ["__completeNoDesc"]):
        _complete(arguments[2:], told=arguments[0] == "__complete")
        return 0
    rest = _after_the_options(arguments)
    if rest[:1] == ["help"]:  # docker help bootready
        rest = [*rest[1:2], *rest[2:], "--help"]
    return run_command(rest[1:] or ["--help"])


_FILES, _NO_FILES, _DIRECTORIES = 0, 4, 16
"""What the shell may add: the directives of cobra, with which the client is made.

https://github.com/spf13/cobra/blob/v1.9.1/completions.go
"""


def _complete(words: list[str], *, told: bool) -> None:
    """Print what the last of `words` may become, and what it means if that is to be `told`.

    The client runs this at a Tab after ``docker bootready``, and hands it on to the shell.
    https://github.com/docker/cli/blob/v28.2.2/cli-plugins/manager/cobra.go
    """
    from bootready.cli.words.offered import offered

    found = offered(words[:-1], words[-1] if words else "")
    for offer in found.offers:
        print(f"{offer.word}\t{offer.about}" if told and offer.about else offer.word)
    may_be_file = _FILES if found.files else _NO_FILES
    directive = _DIRECTORIES if found.directories else may_be_file
    print(f":{directive}")


def _after_the_options(arguments: list[str]) -> list[str]:
    """Take the client's options into the environment; return what comes after them."""
    index = 0
    while index < len(arguments) and arguments[index].startswith("-"):
        name, equals, value = arguments[index].partition("=")
        index += 1
        if name == "--tlsverify":
            os.environ["DOCKER_TLS_VERIFY"] = "" if value == "false" else "1"
        elif name in _VARIABLES:
            if not equals:
                value = arguments[index] if index < len(arguments) else ""
                index += 1
            _set(_VARIABLES[name], value)
        elif name not in _FLAGS:
            raise UsageError(
                f"option '{name}' of docker is not supported here",
                "set DOCKER_HOST, DOCKER_CERT_PATH or a context instead",
            )
    return arguments[index:]


def _set(variable: str, value: str) -> None:
    if variable:
        os.environ[variable] = value
        os.environ.pop(_OTHERWISE.get(variable, ""), None)
