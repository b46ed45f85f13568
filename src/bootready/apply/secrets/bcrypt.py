"""A password -> its bcrypt hash, as htpasswd files, Prometheus and container registries take it.

Python has no bcrypt of its own from 3.13 on. The passwords hashed here are random with more than
128 bits, so that the lowest usual cost protects them as well as a high one.
"""

from __future__ import annotations

import secrets
from functools import cache

COST = 5
_ALPHABET = "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
_TEXT = b"OrpheanBeholderScryDoubt"
_MASK = 0xFFFFFFFF


def hashed(password: bytes, salt: bytes | None = None, cost: int = COST) -> str:
    """Return the hash of `password` (at most 72 bytes count), `$2b$05$` and 53 characters.

    `salt` has 16 bytes; a random one without it.
    """
    salt = secrets.token_bytes(16) if salt is None else salt
    key = (password[:72] + b"\0")[:72]
    state = _State()
    state.expand(key, salt)
    for _ in range(1 << cost):
        state.expand(key)
        state.expand(salt)
    words = _words(_TEXT)
    for _ in range(64):
        for index in range(0, 6, 2):
            words[index], words[index + 1] = state.encrypted(words[index], words[index + 1])
    digest = b"".join(word.to_bytes(4, "big") for word in words)[:23]
    return f"$2b${cost:02d}${_encoded(salt)[:22]}{_encoded(digest)[:31]}"


class _State:
    """The key schedule of Blowfish (Schneier, 1993) with the salted set-up of bcrypt (Provos and
    Mazieres, 1999).
    """

    def __init__(self) -> None:
        digits = _digits_of_pi()
        self.keys = list(digits[:18])
        self.boxes = list(digits[18:])

    def expand(self, key: bytes, salt: bytes = b"") -> None:
        repeated = _words((key * (72 // len(key) + 1))[:72])
        self.keys = [one ^ other for one, other in zip(self.keys, repeated, strict=True)]
        salted = _words(salt) if salt else [0, 0]
        left = right = turn = 0
        for table in (self.keys, self.boxes):
            for index in range(0, len(table), 2):
                left ^= salted[turn % len(salted)]
                right ^= salted[(turn + 1) % len(salted)]
                turn += 2
                left, right = self.encrypted(left, right)
                table[index], table[index + 1] = left, right

    def encrypted(self, left: int, right: int) -> tuple[int, int]:
        keys, boxes = self.keys, self.boxes
        for index in range(16):
            left ^= keys[index]
            mixed = (boxes[left >> 24] + boxes[256 + (left >> 16 & 255)]) & _MASK
            mixed = (mixed ^ boxes[512 + (left >> 8 & 255)]) + boxes[768 + (left & 255)]
            left, right = right ^ (mixed & _MASK), left
        return right ^ keys[17], left ^ keys[16]


def _words(data: bytes) -> list[int]:
    return [int.from_bytes(data[at : at + 4], "big") for at in range(0, len(data), 4)]


@cache
def _digits_of_pi() -> tuple[int, ...]:
    """Return the first 1042 words of the fraction of pi, which fill Blowfish's tables (Machin)."""
    bits = 1042 * 32
    one = 1 << (bits + 64)
    value = 4 * (4 * _arctangent(5, one) - _arctangent(239, one)) - 3 * one
    data = (value >> 64).to_bytes(bits // 8, "big")
    return tuple(_words(data))


def _arctangent(inverse: int, one: int) -> int:
    power = one // inverse
    total, square, divisor, sign = power, inverse * inverse, 1, 1
    while power:
        power //= square
        divisor += 2
        sign = -sign
        total += sign * (power // divisor)
    return total


def _encoded(data: bytes) -> str:
    """Return `data` in bcrypt's own base64, without padding."""
    bits = "".join(f"{byte:08b}" for byte in data)
    bits += "0" * (-len(bits) % 6)
    return "".join(_ALPHABET[int(bits[at : at + 6], 2)] for at in range(0, len(bits), 6))
