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


@pytest.mark.slow
def test_many_ports_are_refused_with_their_place(tmp_path, capfd) -> None:
    lines = [f'  s{n}: {{image: x, ports: ["1-65535:1-65535"]}}' for n in range(4)]
    (tmp_path / "compose.yaml").write_text("\n".join(["services:", *lines]))
    assert run(["config", "-q", "-C", str(tmp_path)]) == 2
    assert "compose.yaml:4:" in capfd.readouterr().err


@pytest.mark.slow
def test_ports_are_counted_over_all_files(tmp_path, capfd) -> None:
    for name in ("a", "b", "c"):
        text = f"services: {{{name}: {{image: x, ports: ['1-65535:1-65535']}}}}\n"
        (tmp_path / f"{name}.yaml").write_text(text)
    files = [word for name in "abc" for word in ("-f", f"{tmp_path}/{name}.yaml")]
    assert run(["config", "-q", *files]) == 2
    said = capfd.readouterr().err
    assert "c.yaml:1:" in said
    assert "131,072 ports" in said


def test_documents_are_counted_over_the_files_of_a_model(tmp_path, capfd) -> None:
    for name, count in (("a", 300), ("b", 201)):
        text = f"---\nservices: {{{name}: {{image: x}}}}\n" * count
        (tmp_path / f"{name}.yaml").write_text(text)
    assert run(["config", "-q", "-f", f"{tmp_path}/a.yaml", "-f", f"{tmp_path}/b.yaml"]) == 2
    assert "b.yaml:402:1: more than 500 documents" in capfd.readouterr().err


def test_values_are_counted_over_the_files_of_a_project(tmp_path, capfd, monkeypatch) -> None:
    for module in ("limits", "composer"):
        monkeypatch.setattr(f"bootready.read.{module}.VALUES_LIMIT", 40)
    (tmp_path / "compose.yaml").write_text("include: [a.yaml]\nservices: {x: {image: x}}\n")
    (tmp_path / "a.yaml").write_text("---\nservices: {a: {image: x}}\n" * 5)
    assert run(["config", "-q", "-C", str(tmp_path)]) == 2
    assert "a.yaml:9:1: more than 40 keys and values" in capfd.readouterr().err


@pytest.mark.parametrize(
    ("limit", "number", "words"),
    [
        ("FILE_LIMIT", 3, "more than 3 files are read for the project"),
        ("SIZE_LIMIT", 120, "the files of the project have more than 120 characters"),
    ],
)
def test_files_are_counted_with_their_place(  # noqa: PLR0917 - fixtures and a row of the table
    tmp_path, capfd, monkeypatch, limit: str, number: int, words: str
) -> None:
    monkeypatch.setattr(f"bootready.resolve.session.{limit}", number)
    text = "services:\n  a:\n    image: x\n    env_file:\n"
    (tmp_path / "compose.yaml").write_text(text + "".join(f"      - {n}.env\n" for n in (1, 2, 3)))
    for name in (1, 2, 3):
        (tmp_path / f"{name}.env").write_text(f"A{name}=xxxxxxxxxx\n")
    assert run(["config", "-q", "-C", str(tmp_path)]) == 2
    said = capfd.readouterr().err
    assert f"compose.yaml:7:9: {words}" in said
    assert said.count("\n") == 1


def test_what_bases_and_env_files_multiply_is_counted(tmp_path, capfd, monkeypatch) -> None:
    monkeypatch.setattr("bootready.resolve.session.ENTRIES_LIMIT", 5)
    text = "services:\n  a: {image: x, ports: ['80', '81', '82']}\n"
    text += "  b: {extends: a}\n  c: {extends: a}\n"
    (tmp_path / "compose.yaml").write_text(text)
    assert run(["config", "-q", "-C", str(tmp_path)]) == 2
    assert "compose.yaml:4:" in capfd.readouterr().err


def test_what_merge_keys_bring_is_bounded(tmp_path, capfd) -> None:
    lines = [f"x-a{n}: &a{n} {{<<: *a{n - 1}, K{n}: v}}" for n in range(1, 2000)]
    text = "\n".join(["x-a0: &a0 {K0: v}", *lines, "services: {a: {image: x}}", ""])
    (tmp_path / "compose.yaml").write_text(text)
    assert run(["config", "-q", "-C", str(tmp_path)]) == 2
    assert "aliases expand to far more" in capfd.readouterr().err


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
