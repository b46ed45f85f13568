"""`bootready names`: what completion asks at each Tab: the names that may stand at a place.

Called by the scripts of `bootready completion` with the kind of name and the words typed so far.
"""

from __future__ import annotations

from bootready.cli.words.names import names_of


def run(arguments: list[str]) -> int:
    """Print the names, one a line; 0 also if there are none, as a shell shows no errors here."""
    kind, words = (arguments[0], arguments[1:]) if arguments else ("", [])
    for name in names_of(kind, words):
        print(name)
    return 0
