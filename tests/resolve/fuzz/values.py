"""Strategies for single values: odd scalars, templates, booleans, sizes, durations."""

# One alternative is one line, however long.
# ruff: noqa: E501
from __future__ import annotations

from hypothesis import strategies as st

from resolve.fuzz.emit import Raw

ODD_TEXTS = [
    "012", "0o17", "0x1F", "0b11", "1_000", "1e3", ".5", "1.0", "08", "yes", "No", "on", "OFF",
    "true", "True", "~", "null", "", "2024-01-01", "2001-12-14 21:59:43", "12:30:45", "=", "1.10",
    "1e21", "123456789.5", "99999999999999999999", "!!str 12", "! 12", "!!int '3'", "!!float 1",
    "-0", "+12", "1.", "-1", "1e400", "'12'", "0", "-0777", "0.1", "1e-7", "3.", "!foo bar",
    "'a''b'", '"a\\tb"', "1.5e3", "4294967296", "a #b", "a:b", "@", "[]", "{}", ".inf",
]  # fmt: skip
"""What stands in a file without quotes."""
TEMPLATES = [
    "${A}", "$A", "${A:-x}", "${EMPTY:-x}", "${EMPTY-x}", "${UNSET}", "${UNSET:-}", "${A:+y}",
    "${UNSET+y}", "${UNSET:+y}", "${UNSET:-${A}}", "$$A", "$${A}", "x${A}y${B}z", "${NUM}",
    "${BOOL}", "${UNSET:-3}", "${A-}", "${A:?err}", "${UNSET:-a b}", "${UNSET:-$A}", "${UNSET-$$}",
    "${EMPTY+set}", "${FROMFILE}", "${FROMFILE:-none}", "${SPACE}", "a$$b", "${UNSET-${EMPTY:-${B}}}",
    "${A:-{x}}", "${UNSET:-{x}}", "${UNSET:-'q'}", '${UNSET:-"q"}', "${DOLLAR}", "${UNSET:-a:b}",
    "$A$B", "${A}${UNSET}", "${_U1}", "${a}", "${NUM}m", "${NUM}s", "${UNSET:-true}",
]  # fmt: skip
BAD_TEMPLATES = [
    "${UNSET?no}",
    "${UNSET:?no}",
    "${A",
    "${}",
    "$1",
    "a$",
    "${A }",
    "${A!x}",
    "${1A}",
]
WORDS = [
    "a", "b", "web", "data", "x1", "foo bar", "A=b", "k=v=w", "a.b", "/tmp/x", "./rel", "é", "12",
    "1.0", "true", "yes", "null", "a:b", "#x", "", " lead", "trail ", "a\nb", "tab\there", "'q'",
    '"dq"', "UPPER", "a,b", "~", "*x", "&y", "!z", "%p", "@at", "`bt`", "\\b", "{a}", "[b]", "0x10",
]  # fmt: skip


def mostly(usual: st.SearchStrategy, odd: st.SearchStrategy, one_in: int = 40) -> st.SearchStrategy:
    """Draw from `odd` once in so many times; shrinks towards `usual`."""
    return st.integers(1, one_in).flatmap(lambda n: odd if n == one_in else usual)


odd = st.sampled_from(ODD_TEXTS).map(Raw)
template = mostly(st.sampled_from(TEMPLATES), st.sampled_from(BAD_TEMPLATES), 60)
word = st.sampled_from(WORDS)
junk = st.one_of(
    odd, word, st.just({}), st.just([]), st.just(["a"]), st.just({"a": "b"}), st.just(None),
    st.just(["a", "a"]), st.just({"x-a": 1}), st.booleans(), st.integers(-2, 70000),
)  # fmt: skip
plain_word = st.sampled_from(["a", "b", "web", "x1", "foo", "a.b", "v1.2", "a-b", "a_b"])
text = mostly(st.one_of(plain_word, plain_word, word, template), junk)
boolean = mostly(
    st.one_of(
        st.booleans(),
        st.sampled_from(["true", "false", "yes", "no", "on", "Off", "${BOOL}", "${UNSET:-true}"]),
        st.sampled_from([Raw("yes"), Raw("off"), Raw("y"), Raw("True")]),
    ),
    junk,
)
integer = mostly(
    st.one_of(
        st.integers(0, 5),
        st.sampled_from([-1, 0, 100, 65535, "3", "0", "-1", "${NUM}", "${UNSET:-2}", 2.0]),
        st.sampled_from([Raw("012"), Raw("0x10"), Raw("1_0"), Raw("'7'"), Raw("8.0")]),
    ),
    st.one_of(
        junk, st.sampled_from(["x", "1.5", "", "1e3", "0x1", "99999999999", 1.5, "+1", " 1"])
    ),
)
number = mostly(
    st.one_of(
        st.sampled_from([0, 1, 2, 0.5, 1.5, 0.1, "0.5", "2", "1e2", "${NUM}", 1.25, 100, 33.3]),
        st.sampled_from([Raw(".5"), Raw("1e1"), Raw("012"), Raw("1.0")]),
    ),
    st.one_of(junk, st.sampled_from(["x", "", "1_0", "inf", "0x1p-2", "1e999", "-1", -1])),
)
size = mostly(
    st.sampled_from(
        [0, 1024, "1024", "64m", "1g", "1.5k", "10b", "512MB", "1KiB", "2 gb", "-1", "${NUM}m", "0",
         "1T", "0.5g", "007", -1, Raw("010"), "1e3k"]
    ),
    st.one_of(junk, st.sampled_from(["x", "", "1x", "-1k", "1kbb", 1.5, "1..5m", "m", "1 k b"])),
)  # fmt: skip
duration = mostly(
    st.sampled_from(
        ["1s", "1m30s", "90s", "1h", "1.5h", "1d", "2w", "0", "0s", "100ms", "1us", "1m", "-1s",
         "${NUM}s", "${UNSET:-5s}", "1h1h", "+3s", ".5s", "1ns", "72h3m0.5s", "1µs"]
    ),
    st.one_of(junk, st.sampled_from(["x", "", "10", 10, "1 s", "s", "1x", "1s ", "99999999999h"])),
)  # fmt: skip


def listed(item: st.SearchStrategy, largest: int = 3, *, unique: bool = True) -> st.SearchStrategy:
    """A short list; entries seldom repeat."""
    lists = st.lists(item, min_size=1, max_size=largest)
    return lists.map(_distinct) if unique else lists


def _distinct(items: list) -> list:
    seen: list = []
    for item in items:
        if item not in seen:
            seen.append(item)
    return seen


keys = st.sampled_from(["A", "B", "UNSET", "EMPTY", "C", "k.1", "x-k", "NUM", "com.ex/a", "lower"])
pair = st.one_of(
    st.builds(lambda k, v: f"{k}={v}", keys, st.one_of(plain_word, word, template)),
    keys,
    st.sampled_from(["A=", "B==x", "C= y"]),
)
pairs = mostly(
    st.one_of(
        st.dictionaries(
            keys, st.one_of(text, odd, st.none(), st.integers(0, 9), st.booleans()), max_size=3
        ),
        listed(mostly(pair, junk)),
    ),
    junk,
)
"""list_or_dict: environment, labels, args and so on."""
words = mostly(st.one_of(text, listed(text)), junk)
"""string_or_list"""
texts = mostly(listed(text), junk)
command = mostly(
    st.one_of(
        st.sampled_from(["echo a", "sh -c 'a b'", 'x "y z" \\w', "", "a  b", "${A} b", "a $$b", "'a'\"b\"",
                         "a;b", "a > b", "a\nb", "a\\ b", "a#b", "`x`", "$(x)", "(a)"]),
        listed(st.one_of(word, template, plain_word), unique=False),
        st.just([]), st.none(),
    ),
    st.one_of(junk, st.sampled_from(["'a", '"b', "a\\"])),
)  # fmt: skip
