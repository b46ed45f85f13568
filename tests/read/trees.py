"""Random trees -> YAML texts that are nearly always valid, for comparing two readers."""

from __future__ import annotations

from random import Random

WORDS = ["a", "1", "true", "'it''s'", '"a\\\\b"', '"y\\n"', "x y", "$X", "a#b", "http://h/p", "-1"]
LINES = ["word two", "- x", " more", "# no", "x: |"]


class Trees:
    """Makes texts with the blocks, brackets, texts, anchors and merge keys of Compose files."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.anchors: list[str] = []

    def document(self) -> str:
        """Return one text."""
        self.anchors = []
        return self.block(0, 0) + self.random.choice(["\n", "\n", "", "\n\n"])

    def block(self, indent: int, depth: int) -> str:
        """Return a list or a mapping, each line with `indent` spaces before it."""
        count, choose = self.random.randint(1, 4), self.random.choice
        if self.random.random() < 0.35:
            return "\n".join(self._item(indent, depth) for _ in range(count))
        entries = []
        for number in range(count):
            if self.anchors and self.random.random() < 0.12:
                entries.append(f"<<: {choose([self._alias(), f'[{self._alias()}]'])}")
            else:
                key = choose([f"k{number}", f"'q{number}'", f'"d{number}"'])
                entries.append(f"{key}:{self._value(indent, depth)}")
        return "\n".join(" " * indent + entry for entry in entries)

    def _item(self, indent: int, depth: int) -> str:
        start = " " * indent + "-"
        if depth < 4 and self.random.random() < 0.3:
            space = self.random.choice([1, 1, 3])
            return f"{start}{' ' * space}{self.block(indent + 1 + space, depth + 1).lstrip(' ')}"
        return f"{start}{self._value(indent, depth)}"

    def _value(self, indent: int, depth: int) -> str:
        """Return what follows a colon or a dash."""
        kind, choose = self.random.random(), self.random.choice
        if kind < 0.1 and self.anchors:
            return f" {self._alias()}"
        name = f"n{len(self.anchors)}-{indent}" if self.random.random() < 0.25 else ""
        if kind < 0.45 and depth < 4:
            made = choose(["\n", "\n", "  # c\n", "\n\n"])
            made += self.block(indent + choose([1, 2, 4]), depth + 1)
        elif kind < 0.6:
            made = f" {self._brackets(0)}"
        elif kind < 0.75:
            made = f" {self._text(indent + self.random.randint(1, 4))}"
        else:
            made = f" {choose(WORDS)}{choose(['', ' # c'])}"
        if name:
            self.anchors.append(name)
            return f" &{name}{made}"
        return made

    def _alias(self) -> str:
        return f"*{self.random.choice(self.anchors)}"

    def _brackets(self, depth: int) -> str:
        kind, choose = self.random.random(), self.random.choice
        if depth > 2 or kind < 0.5:
            return self._alias() if self.anchors and kind < 0.1 else choose(WORDS)
        between = choose([", ", ",", f",\n{' ' * self.random.randint(0, 6)}", ", # c\n "])
        start, end = choose(["", " ", "\n "]), choose(["", " ", "\n"])
        inner = [self._brackets(depth + 1) for _ in range(self.random.randint(0, 3))]
        if kind < 0.75:
            return f"[{start}{between.join(inner)}{end}]"
        pairs = (f"{choose('abcdefgh')}{number}: {one}" for number, one in enumerate(inner))
        return f"{{{start}{between.join(pairs)}{end}}}"

    def _text(self, indent: int) -> str:
        choose = self.random.choice
        lines = [choose(["|", ">"]) + choose(["", "-", "+"]) + choose(["", "  # c"])]
        for _ in range(self.random.randint(1, 6)):
            blank = choose(["", " " * self.random.randint(0, indent)])
            lines.append(choose([blank, *(" " * indent + line for line in LINES)]))
        return "\n".join(lines)
