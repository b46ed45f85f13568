"""The plain reader and the full one make the same of a text, or the plain one hands it on.

`BOOTREADY_PLAIN_DOCUMENTS=100000` compares as many texts (`make fuzz-plain`); else a few thousand.
"""

from __future__ import annotations

import math
import os
import random
from pathlib import Path

import pytest

from bootready.model.node import Mapping, Node, Sequence
from bootready.read.composer import compose
from bootready.read.limits import NODE_LIMIT, Room, YamlError
from bootready.read.plain import NotPlain, read_plain
from bootready.read.yaml import read_yaml
from read.trees import Trees

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = int(os.environ.get("BOOTREADY_PLAIN_DOCUMENTS", "4000"))
FILE = "/p/compose.yaml"

KEYS = ["a", "web", "x-y", "8080", "true", "null", "a b", '"q"', "'s'", "/p", "${X}", "<<", "a.b/c"]
VALUES = [
    *("x", "1", "0x1f", "1.5", "true", "~", "2024-01-01", "a b  c", "a#b", "a #b", "a: b", "a:b"),
    *("http://h:1/p?q=1", "-1", "- x", "--flag", "?x", ":x", "a:", "$X", "${X:-y}", "${X:?a b}"),
    *(
        '"q"',
        '"a # b"',
        '"a\\n"',
        "'s'",
        "'it''s'",
        "'a",
        '"b',
        '"q" # c',
        '"q"x',
        "~x",
        "a'b",
        "%x",
    ),
    *("[]", "{}", "[a, b]", "[a, 'b', \"c\"]", "[a,b]", "[a, ]", "[a b, -1]", "[a: b]", "[[a]]"),
    *("{a: b}", "{a: b, c: 'd'}", "{a: 1, a: 2}", "{a:b}", "{a}", "{a: }", "[8080:80]", "[a? b]"),
    *("[http://h/p, x#y]", "[x #y]", "[1, true, ~]", "{1: 2}", "{ a: b }", "[ a ]", "[,]", "[a"),
    *(
        "|",
        ">-",
        "&x a",
        "*x",
        "!reset null",
        "@x",
        "`x`",
        "",
        "",
        "",
        "# c",
        "é",
        "日本",
        "😀",
        "\u00a0",
    ),
    *("---", "...", "a\tb", "x y: z", "::", "a::b", "=", "<<", "a,b", "a]b", "a}b", "a\\b", "0o17"),
]
SHARED = ["&x a", "&y", "*x", "*y", "&x", "&z [a, {b: c}]", "*z", "&y 'a'", "[*x, a]", "{a: *x}"]
"""Anchors and what stands for them, on lines that may follow each other."""
TEXTS = ["a", "a b", " a", "  a: b", "", "", "- a", "# a", "  ", "é", "|", "a #b", "   "]
"""Lines of a block of text, below the indentation of the block."""
BROKEN = [
    "[a,\n  b]",
    "[\n a,\n b\n]",
    "{a: b,\n\n   c: [d, e]}",
    "[a, # b\n  c]",
    "[\na]",
    "[a\n b]",
]
"""Brackets over several lines."""
DASHES = ["- ", "-  ", "-", "- - ", "-   "]
ENDS = ["", "", "", " ", "  # c", " #", "#c", "\t", "\r"]


def shape(node: Node) -> object:
    """Return all of a node, to compare it with that of another reader."""
    if isinstance(node, Mapping):
        entries = [(key, node.keys[key], shape(value)) for key, value in node.entries.items()]
        return ("mapping", node.span, node.tag, entries)
    if isinstance(node, Sequence):
        return ("sequence", node.span, node.tag, [shape(item) for item in node.items])
    value = node.value
    shown = "nan" if isinstance(value, float) and math.isnan(value) else value
    return (type(value), shown, node.span, node.tag)


def agrees(text: str) -> bool:
    """Tell whether the plain reader takes `text`; fails where it then differs from the other."""
    try:
        read = read_plain(text, FILE, NODE_LIMIT)
    except NotPlain:
        return False
    room = Room()
    before = room.left
    (document,) = compose(text, FILE, NODE_LIMIT, room)
    assert shape(read.root) == shape(document), text
    assert before - room.left == read.keys + read.values, text
    return True


def made(random_: random.Random) -> str:
    """Return a text that is YAML, or nearly."""
    lines = []
    indent = 0
    odd = random_.choice([0.02, 0.1, 0.4])
    for number in range(random_.randint(1, 9)):
        indent = max(0, indent + random_.choice([-2, -2, 0, 0, 2] if number else [0]))
        indent += random_.choice([1, 2, 4]) if random_.random() < odd / 4 else 0
        dash = random_.choice(DASHES if random_.random() < odd else DASHES[:1])
        dash = dash if random_.random() < 0.3 else ""
        key = random_.choice(KEYS) if random_.random() < odd else f"k{number}"
        key = "" if random_.random() < odd / 2 else f"{key}: "
        simple = random_.choice(["x", "1", "", '"q"', "[a, b]"])
        value = random_.choice(VALUES) if random_.random() < odd * 2 else simple
        end = random_.choice(ENDS) if random_.random() < odd else ""
        if random_.random() < odd:
            value = random_.choice(SHARED)
        if random_.random() < odd / 2:
            key, value = random_.choice([("<<: ", "*y"), ("<<: ", "*x"), ("<<: ", "[*y, *z]")])
        lines.append(" " * indent + dash + key + value + end)
        if random_.random() < odd:
            lines[-1] = (
                " " * indent + dash + key + random_.choice(["|", ">", "|-", ">-", ">+", "|+"])
            )
            inner = indent + random_.choice([0, 1, 2, 2, 2, 4])
            lines += [" " * inner + random_.choice(TEXTS) for _ in range(random_.randint(0, 5))]
        if random_.random() < odd / 2:
            lines[-1] = " " * indent + dash + key + random_.choice(BROKEN)
    return "\n".join(lines) + random_.choice(["\n", "\n", "", "\n\n"])


def mutated(random_: random.Random, text: str) -> str:
    """Return `text` with some characters put in, taken out or changed."""
    for _ in range(random_.randint(1, 3)):
        place = random_.randrange(len(text) + 1)
        sign = random_.choice(":-#'\"[]{}, \n&*!|>?%\\ab1")
        text = (
            text[:place] + random_.choice(["", sign, sign]) + text[place + random_.randint(0, 1) :]
        )
    return text


def test_generated_texts_are_read_alike_or_handed_on():
    random_ = random.Random(DOCUMENTS)
    taken = sum(agrees(made(random_)) for _ in range(DOCUMENTS))
    assert taken > DOCUMENTS / 10


def test_trees_with_anchors_texts_and_brackets_are_read_alike_or_handed_on():
    trees = Trees(random.Random(DOCUMENTS))
    taken = sum(agrees(trees.document()) for _ in range(DOCUMENTS))
    assert taken > DOCUMENTS / 4


def test_changed_texts_are_read_alike_or_handed_on():
    random_ = random.Random(DOCUMENTS)
    texts = [
        "\n".join(path.read_text().splitlines()[:30]) + "\n"
        for path in sorted((ROOT / "tests/catalogue").glob("*/*/compose.yaml"))
    ]
    texts += [
        "\n".join(path.read_text().splitlines()[:40]) for path in ROOT.glob("infra/**/*.y*ml")
    ]
    texts = [text for text in texts if agrees(text)]
    taken = sum(agrees(mutated(random_, random_.choice(texts))) for _ in range(DOCUMENTS))
    assert taken > DOCUMENTS / 4


def test_the_files_of_this_repository_are_read_alike():
    paths = [*ROOT.glob("infra/**/docker-compose*.y*ml"), ROOT / "docker-compose.yml"]
    paths += ROOT.glob("tests/catalogue/*/*/compose.yaml")
    taken = sum(agrees(path.read_text()) for path in paths)
    assert taken > len(paths) * 0.9


@pytest.mark.parametrize(
    "text",
    [
        "a: &x 1\nb: &x 2\n",
        "a: &x\n",
        "a: *x\n",
        "a: |2\n   b\n",
        "a: |\n  b",
        "a: !x b\n",
        "a: b\n  c\n",
        "a: 1\na: 2\n",
        "1: a\n",
        "a:\tb\n",
        "a: [b\n  c]\n",
        'a: "\\x41"\n',
        "- a\n---\n- b\n",
        "a:\n    b: 1\n  c: 2\n",
        "",
        "# nothing\n",
    ],
)
def test_what_is_not_plain_is_handed_on(text):
    with pytest.raises(NotPlain):
        read_plain(text, FILE, NODE_LIMIT)


@pytest.mark.parametrize("text", ["- ---\n- a\n", "- ---\na: b\n", "-   ---\n- - ---\n"])
def test_a_document_mark_in_a_list_is_a_word(text):
    try:
        agrees(text)
    except YamlError as refused:
        raise AssertionError(text) from refused


def test_more_values_than_allowed_are_refused_by_the_reader_that_words_it():
    with pytest.raises(YamlError, match="more than 10 values"):
        read_yaml("- 1\n" * 20, FILE, 10)
