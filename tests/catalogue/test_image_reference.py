"""The quick look at an image's name never takes for valid what the grammar refuses."""

from __future__ import annotations

from itertools import product

from bootready.catalogue.images.image_reference_invalid import REFERENCE, is_plain


def test_what_is_plain_is_valid() -> None:
    """All words of up to five of the characters that mean something to the grammar."""
    for length in range(6):
        for letters in product("a0./-:_A@ ", repeat=length):
            word = "".join(letters)
            assert not is_plain(word) or REFERENCE.fullmatch(word), word


def test_a_tag_has_up_to_128_characters() -> None:
    for length in (1, 128, 129):
        image = f"a:{'b' * length}"
        assert is_plain(image) is (REFERENCE.fullmatch(image) is not None)


def test_most_images_are_plain() -> None:
    for image in ("postgres", "postgres:16.4-alpine", "ghcr.io/owner/name:v1.2.3", "a/b-c"):
        assert is_plain(image), image
