"""Names that are too long for a box are shortened, and stay different."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bootready.report.project.letters import cut, shortened, width_of

ROOM = 138


def test_a_name_keeps_its_last_word_and_one_that_fits_is_whole():
    found = shortened(["customer-accounts-migrations", "customer-accounts-worker", "db"], ROOM)
    assert found["db"] == "db"
    assert found["customer-accounts-worker"].endswith("…-worker")
    assert found["customer-accounts-worker"].startswith("cust")


@pytest.mark.parametrize(
    "names",
    [
        [f"a-very-long-name-of-a-service-{n:03}" for n in range(200)],
        [f"{n:03}-a-very-long-name-of-a-service" for n in range(200)],
        [f"a-very-long-name-{n:03}-of-a-service-that-ends-alike" for n in range(200)],
        [f"{'m' * 40}{n}{'w' * 40}" for n in range(30)],
        ["customer-accounts-api", "custom…nts-api", "customer-…api"],
    ],
)
def test_names_that_differ_anywhere_stay_different_and_fit(names):
    found = shortened(names, ROOM)
    assert len(set(found.values())) == len(names)
    assert max(map(width_of, found.values())) <= ROOM


@given(st.lists(st.text("ab-_.Wm1", min_size=1, max_size=60), max_size=40))
def test_whatever_the_names_no_two_become_the_same(names):
    found = shortened(names, ROOM)
    assert set(found) == set(names)
    assert len(set(found.values())) == len(found)
    assert all(width_of(short) <= ROOM for short in found.values())


def test_words_are_cut_in_their_middle():
    assert cut("nginx:1.29", 200) == "nginx:1.29"
    short = cut("a-registry-of-images-for-all:1.29.3", 100)
    assert short.startswith("a-reg")
    assert short.endswith("9.3")
