"""The files of an image: from an archive, from layers on disk, and from the real engine."""

from __future__ import annotations

import io
import json
import os
import tarfile

import pytest

from bootready.engine.image_tree import ArchiveTree, LayerTree, find
from bootready.engine.observe import LocalEngine
from bootready.knowledge.process.shell import decisive_program
from engine_support import require_busybox


def _tar(*members):
    """Return a tar archive of (name, content) files and (name, link, kind) links."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, content, *kind in members:
            member = tarfile.TarInfo(name)
            if kind:
                member.type, member.linkname = kind[0], content
                archive.addfile(member)
            else:
                member.size, member.mode = len(content), 0o755
                archive.addfile(member, io.BytesIO(content))
    return out.getvalue()


def _image(*layers):
    names = [f"{number}/layer.tar" for number in range(len(layers))]
    manifest = json.dumps([{"Layers": names}]).encode()
    return ArchiveTree(_tar(*zip(names, layers, strict=True), ("manifest.json", manifest)))


def test_links_are_followed_inside_the_image():
    """An absolute link starts at the image's root, a relative one beside itself."""
    tree = _image(
        _tar(
            ("usr/bin/dash", b"program"),
            ("usr/bin/sh", "dash", tarfile.SYMTYPE),
            ("bin", "usr/bin", tarfile.SYMTYPE),
            ("etc/alternatives/vi", "/usr/bin/dash", tarfile.SYMTYPE),
            ("loop", "loop", tarfile.SYMTYPE),
        )
    )
    assert find(tree, "/bin/sh")[0] == "/usr/bin/dash"
    assert find(tree, "/etc/alternatives/../alternatives/vi")[0] == "/usr/bin/dash"
    assert find(tree, "/loop") is None
    assert find(tree, "/bin/curl") is None


def test_an_upper_layer_deletes():
    """A whiteout hides one name, an opaque folder all that was below it."""
    lower = _tar(("app/run", b"1"), ("app/old/x", b"2"), ("keep", b"3"))
    upper = _tar(("app/.wh.run", b""), ("app/old/.wh..wh..opq", b""), ("app/old/y", b"4"))
    tree = _image(lower, upper)
    assert [path for path in ("/app/run", "/app/old/x", "/app/old/y", "/keep") if find(tree, path)]
    assert find(tree, "/app/run") is None
    assert find(tree, "/app/old/x") is None
    assert tree.content("/keep", 10) == b"3"


def test_hard_link_is_the_file_it_names():
    """Busybox images name one program a hundred times."""
    tree = _image(_tar(("bin/busybox", b"x"), ("bin/sh", "bin/busybox", tarfile.LNKTYPE)))
    assert find(tree, "/bin/sh")[1].kind == "file"


def test_layers_on_disk_are_looked_through_from_above(tmp_path):
    """The uppermost layer that has a name decides."""
    for layer, text in (("upper", "new"), ("lower", "old")):
        (tmp_path / layer / "etc").mkdir(parents=True)
        (tmp_path / layer / "etc" / "passwd").write_text(text)
    (tmp_path / "lower" / "only").write_text("x")
    tree = LayerTree((str(tmp_path / "upper"), str(tmp_path / "lower")))
    assert tree.content("/etc/passwd", 10) == b"new"
    assert tree.content("/only", 10) == b"x"
    assert tree.entry("/none") is None


@pytest.mark.engine
def test_real_image_is_the_same_in_both_ways():
    """What the engine archives is what its directory holds."""
    image = require_busybox()
    engine = LocalEngine(dict(os.environ))
    assert engine.sees_into(image)
    assert engine.image_path(image, "/bin/sh").kind == "file"
    assert engine.image_path(image, "/usr/bin/curl") is None
    assert "nobody" in engine.image_file(image, "/etc/passwd")
    archived = ArchiveTree(engine._api.download(f"/images/{image}/get"))
    assert find(archived, "/bin/sh")[1].kind == "file"
    assert b"nobody" in archived.content("/etc/passwd", 10_000)


@pytest.mark.parametrize(
    ("line", "program"),
    [
        ("curl -f http://localhost || exit 1", "curl"),
        ("curl -f http://localhost >/dev/null 2>&1 || exit 1", "curl"),
        ("pg_isready -U $$USER", "pg_isready"),
        ("A=1 redis-cli ping", "redis-cli"),
        ("test -f /x && redis-cli ping", "redis-cli"),
        ("curl -f a || wget b", ""),
        ("redis-cli ping | grep PONG", ""),
        ("test -f /ready", ""),
        ('[ "$(curl -s x)" = ok ]', ""),
        ("curl x; exit 0", ""),
        ("curl x\nexit 0", ""),
        ("curl x || true", ""),
        ("if curl x; then exit 0; fi", ""),
        ("wget -q 'http://a/#x' || exit 1", "wget"),
        ("unclosed 'quote", ""),
    ],
)
def test_only_a_program_without_which_the_line_fails_is_decisive(line, program):
    """Where another way may lead out, nothing is said."""
    assert decisive_program(line) == program


def test_a_link_of_a_lower_layer_does_not_lead_out_of_the_image(tmp_path):
    """The upper layer has a directory where the lower one has a link to the machine's own files."""
    outside = tmp_path / "outside"
    for folder in ("outside", "upper/x", "upper/y", "lower/y"):
        (tmp_path / folder).mkdir(parents=True)
    (outside / "secret").write_text("the host's", encoding="utf-8")
    (tmp_path / "lower" / "x").symlink_to(outside)
    (tmp_path / "lower" / "y" / "link").symlink_to(outside / "secret")
    (tmp_path / "lower" / "y" / "ours").write_text("the image's", encoding="utf-8")
    os.mkfifo(tmp_path / "lower" / "y" / "pipe")
    tree = LayerTree((str(tmp_path / "upper"), str(tmp_path / "lower")))
    assert tree.entry("/x/secret") is None
    assert tree.content("/x/secret", 100) is None
    assert tree.content("/y/../../outside/secret", 100) is None
    assert tree.content("/y/link", 100) is None
    assert tree.content("/y/pipe", 100) is None
    assert find(tree, "/y/link") is None
    assert tree.content("/y/ours", 100) == b"the image's"


def test_a_file_hides_the_directory_below_it(tmp_path):
    for folder in ("upper", "lower/x"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "upper" / "x").write_text("file", encoding="utf-8")
    (tmp_path / "lower" / "x" / "below").write_text("gone", encoding="utf-8")
    tree = LayerTree((str(tmp_path / "upper"), str(tmp_path / "lower")))
    assert tree.entry("/x/below") is None
