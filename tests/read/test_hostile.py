"""Hostile input is refused quickly, with a clear error and bounded memory."""

from __future__ import annotations

import os
from threading import Thread
from time import sleep

import pytest

from bootready.errors import ProjectError
from bootready.model.node import plain
from bootready.read.dotenv import read_dotenv
from bootready.read.source import read_text
from bootready.read.template import fill
from bootready.read.yaml import read_yaml

BOMB = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 12)
)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        pytest.param(BOMB, "yaml-limit", id="an alias bomb"),
        pytest.param("[" * 10_000, "yaml-limit", id="brackets 10,000 deep"),
        pytest.param(
            "a:\n" + "".join(f"{' ' * n}a:\n" for n in range(1, 400)), "yaml-limit", id="n"
        ),
        pytest.param("{a: " * 10_000, "yaml-limit", id="mappings 10,000 deep"),
        pytest.param("- 1\n" * 100_001, "yaml-limit", id="more values than Compose v5 takes"),
        pytest.param("a: \x00", "yaml-syntax", id="a NUL"),
        pytest.param("a: &a [*a]", "yaml-alias", id="an alias in itself"),
        pytest.param("a: &a {<<: *a}", "yaml-alias", id="a merge of itself"),
    ],
)
def test_yaml_that_explodes_is_refused(text: str, kind: str) -> None:
    with pytest.raises(ProjectError) as caught:
        read_yaml(text, "/p/compose.yaml")
    assert caught.value.problems[-1].kind == kind
    assert caught.value.problems[-1].location is not None


def test_as_many_values_as_compose_takes_are_read() -> None:
    """The document itself counts, so one value less than the limit."""
    (document,) = read_yaml("- 1\n" * 99_999, "/p/compose.yaml")
    assert document is not None


@pytest.mark.parametrize(
    ("data", "text"),
    [
        pytest.param(b"\xef\xbb\xbfa: 1", "a: 1", id="a byte order mark is taken off"),
        pytest.param("a: é".encode("utf-16"), "a: é", id="UTF-16 with a mark is read"),
    ],
)
def test_encodings_of_compose_are_read(tmp_path, data: bytes, text: str) -> None:
    path = tmp_path / "compose.yaml"
    path.write_bytes(data)
    assert read_text(str(path)) == text


def test_bytes_that_are_no_text_are_named_with_their_place(tmp_path) -> None:
    path = tmp_path / "compose.yaml"
    path.write_bytes(b"a: 1\nb: \xff\n")
    with pytest.raises(ProjectError) as caught:
        read_text(str(path))
    (problem,) = caught.value.problems
    assert (problem.kind, problem.message) == ("encoding", "byte 0xFF is not valid UTF-8")
    assert problem.location is not None
    assert problem.location.span[1:3] == (2, 4)


@pytest.mark.parametrize(
    ("path", "words"),
    [
        pytest.param("/dev/zero", "not a regular file", id="a device"),
        pytest.param("/dev", "is a directory", id="a directory"),
        pytest.param("/nowhere/compose.yaml", "no such file or directory", id="nothing"),
        pytest.param("/a\0b", "the path is not valid", id="a NUL in the path"),
    ],
)
def test_files_that_cannot_be_read_say_why(path: str, words: str) -> None:
    with pytest.raises(ProjectError) as caught:
        read_text(path)
    assert words in caught.value.problems[0].message


def test_a_symlink_loop_says_so(tmp_path) -> None:
    loop = tmp_path / "compose.yaml"
    os.symlink(loop, loop)
    with pytest.raises(ProjectError) as caught:
        read_text(str(loop))
    assert "symbolic links" in caught.value.problems[0].message


def test_a_scalar_of_100_megabytes_is_refused(tmp_path) -> None:
    path = tmp_path / "compose.yaml"
    with path.open("wb") as stream:
        stream.truncate(100 * 1024 * 1024)
    with pytest.raises(ProjectError) as caught:
        read_text(str(path))
    assert caught.value.problems[0].kind == "file-too-large"


def test_variables_nested_without_end_are_refused() -> None:
    filled = fill("${A:-" * 5_000 + "}" * 5_000, {}.get)
    assert filled.faults[0].kind == "interpolation-syntax"
    assert "nested deeper" in filled.faults[0].message


def test_many_variables_on_one_line_are_no_recursion() -> None:
    filled = fill("${A:-x}" * 3_000, {}.get)
    assert filled.text == "x" * 3_000


def test_a_long_env_file_is_read_quickly() -> None:
    variables = read_dotenv("".join(f"V{n}=x\n" for n in range(20_000)), "/p/.env", {}.get)
    assert variables["V19999"].line == 20_000


def test_a_pipe_that_nobody_writes_to_is_refused_without_waiting_for_it(tmp_path) -> None:
    pipe = tmp_path / "compose.yaml"
    os.mkfifo(pipe)
    with pytest.raises(ProjectError, match="without a writer"):
        read_text(str(pipe))


def test_a_pipe_is_read_to_its_end_by_whoever_was_first(tmp_path) -> None:
    pipe = tmp_path / "compose.yaml"
    os.mkfifo(pipe)

    def write() -> None:
        with open(pipe, "w", encoding="utf-8") as stream:
            stream.write("a" * 100_000)
            stream.flush()
            sleep(0.05)
            stream.write("b")

    writer = Thread(target=write)
    writer.start()
    assert read_text(str(pipe)) == "a" * 100_000 + "b"
    writer.join()


def test_the_pipe_of_a_process_substitution_may_be_empty() -> None:
    reading, writing = os.pipe()
    os.close(writing)
    assert read_text(f"/dev/fd/{reading}") == ""
    os.close(reading)


@pytest.mark.parametrize("sign", ["", "-", "+"])
def test_a_number_of_more_digits_than_python_converts_is_a_text(sign: str) -> None:
    digits = sign + "9" * 6000
    node = read_yaml(f"a: {digits}", "/p/compose.yaml")[0]
    assert plain(node) == {"a": digits}
