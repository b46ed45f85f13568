"""Given the example of an env file, an ordinary user's own ids stand where it guesses 1000."""

from __future__ import annotations

import pytest

from bootready.plan.person import as_person

EXAMPLE = """\
# Owner of the data.
SERVICE_UID=1000
export PUID="1000"
GROUP_ID=1000
PORT=1000
FLUID=1000
WEB_UID=101
"""


def test_the_ids_of_an_ordinary_user():
    assert as_person(EXAMPLE, 1234, 1235) == (
        "# Owner of the data.\nSERVICE_UID=1234\nexport PUID=1234\nGROUP_ID=1235\n"
        "PORT=1000\nFLUID=1000\nWEB_UID=101\n"
    )


@pytest.mark.parametrize("person", [(0, 0), (1000, 1000)])
def test_root_and_the_guessed_user_keep_the_example(person):
    assert as_person(EXAMPLE, *person) == EXAMPLE
