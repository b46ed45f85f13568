"""Small projects that grow when they are read: refused with their place, or quick."""

from __future__ import annotations

import pytest

from bootready.cli import run
from bootready.model.lines import LONGEST, cut


def test_values_that_double_are_refused_with_their_place(tmp_path, capfd) -> None:
    lines = ["V0=aaaaaaaaaa", *(f"V{n}=${{V{n - 1}}}${{V{n - 1}}}" for n in range(1, 40))]
    (tmp_path / ".env").write_text("\n".join(lines))
    (tmp_path / "compose.yaml").write_text("services: {a: {image: x, command: $V39}}\n")
    assert run(["config", "-C", str(tmp_path)]) == 2
    said = capfd.readouterr().err
    assert ".env:18:" in said
    assert "1048576 characters" in said


def test_many_documents_are_refused_with_their_place(tmp_path, capfd) -> None:
    text = "---\nservices: {a: {image: x}}\n" * 501
    (tmp_path / "compose.yaml").write_text(text)
    assert run(["config", "-C", str(tmp_path)]) == 2
    assert "compose.yaml:1001:1: more than 500 documents" in capfd.readouterr().err


def test_many_ports_are_refused_with_their_place(tmp_path, capfd) -> None:
    lines = [f'  s{n}: {{image: x, ports: ["1-65535:1-65535"]}}' for n in range(4)]
    (tmp_path / "compose.yaml").write_text("\n".join(["services:", *lines]))
    assert run(["config", "-q", "-C", str(tmp_path)]) == 2
    assert "compose.yaml:4:" in capfd.readouterr().err


@pytest.mark.parametrize("path", ["/dev/zero", "/dev/tty", "/proc/kmsg", "/proc/self/environ"])
def test_devices_and_the_kernels_files_are_not_opened(tmp_path, capfd, path: str) -> None:
    text = f"services: {{a: {{image: debian, env_file: {path}}}}}\n"
    (tmp_path / "compose.yaml").write_text(text)
    assert run(["config", "-C", str(tmp_path)]) == 2
    assert "not a regular file" in capfd.readouterr().err


def test_an_empty_device_is_an_empty_env_file(tmp_path) -> None:
    (tmp_path / "compose.yaml").write_text("services: {a: {image: x, env_file: /dev/null}}\n")
    assert run(["config", "-q", "-C", str(tmp_path)]) == 0


@pytest.mark.parametrize(
    ("error", "words"), [(MemoryError, "memory"), (RecursionError, "levels of nesting")]
)
def test_what_is_too_large_is_no_internal_error(monkeypatch, capfd, error, words) -> None:
    def fails(_: object) -> int:
        raise error

    monkeypatch.setattr("bootready.cli.checks.run", fails)
    assert run(["checks"]) == 2
    said = capfd.readouterr().err
    assert f"too large: it needs more {words}" in said
    assert "internal" not in said


def test_a_long_line_is_cut_at_a_word() -> None:
    """Half a token would not be recognised as one, and shown."""
    assert cut("a\nb") == "a\nb"
    long = "x " * (LONGEST // 2 - 5) + "t" * 400
    assert "t" not in cut(long).partition("...")[0]
    assert cut(f"{long}\nshort").endswith("\nshort")
    assert len(cut("a" * 100_000)) < LONGEST + 50
