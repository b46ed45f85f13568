"""Every public image of the core stack has a tag that something shows; no registry is asked."""

from __future__ import annotations

import re
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

from documents_support import ROOT, make_clone

sys.path.insert(0, str(ROOT / "scripts"))
from public_images import compare

USED = re.compile(r"\$\{(\w+_IMAGE):-([^}]+)\}")
EXAMPLE = re.compile(r"^(\w+_IMAGE)=(.+)$", re.MULTILINE)
WORKFLOW = ".github/workflows/public-images.yml"
DIGEST = re.compile(r"sha256:[0-9a-f]{64}")


def faults(root: Path) -> list[str]:
    """Return where the Compose files, `.env.example` and `infra/images.toml` do not agree."""
    recorded = tomllib.loads((root / "infra/images.toml").read_text())
    found = []
    named = {
        (".env.example", *pair) for pair in EXAMPLE.findall((root / ".env.example").read_text())
    }
    for path in root.glob("infra/**/docker-compose*.y*ml"):
        named |= {(path.name, *pair) for pair in USED.findall(path.read_text())}
    found += [
        f"{where}: {variable} is '{image}', infra/images.toml has {recorded.get(variable)}"
        for where, variable, image in sorted(named)
        if recorded.get(variable, {}).get("image") != image
    ]
    found += [f"{name}: used nowhere" for name in set(recorded) - {name for _, name, _ in named}]
    for name, entry in recorded.items():
        found += [f"{name}: {word}" for word in _unproved(entry)]
    return found


def _unproved(entry: dict[str, object]) -> list[str]:
    """Return what an entry lacks: a tag of one version, and a source that shows it."""
    found = []
    tag = str(entry.get("image", "")).rpartition(":")[2]
    if not re.search(r"\d+\.\d+", tag):
        found.append(f"tag '{tag}' names no version")
    if "digest" in entry and not DIGEST.fullmatch(str(entry["digest"])):
        found.append("its digest is not a sha256")
    if not entry.get("sources"):
        found.append("no source")
    for source in entry.get("sources", []):
        commit = re.fullmatch(r"[0-9a-f]{40}", source.get("commit", "")) and source.get("path")
        dated = re.fullmatch(r"20\d\d-\d\d-\d\d", source.get("date", ""))
        if not (commit or source.get("pull")) or not dated or not source.get("shows"):
            found.append(f"source '{source.get('repository')}' cannot be looked up")
    return found


def test_every_tag_has_a_source():
    assert faults(ROOT) == []


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        (".env.example", "haproxy:3.0.8", "haproxy:3.0.9", "HAPROXY_IMAGE is 'haproxy:3.0.9'"),
        (
            "infra/04-data/valkey/docker-compose.yml",
            "valkey/valkey:8.1.1",
            "valkey/valkey:8",
            "VALKEY_IMAGE is 'valkey/valkey:8'",
        ),
        ("infra/images.toml", "[HAPROXY_IMAGE]", "[HAPROXY]", "HAPROXY: used nowhere"),
        ("infra/images.toml", 'commit = "93cf', 'commit = "', "cannot be looked up"),
        ("infra/images.toml", 'digest = "sha256:27', 'digest = "27', "not a sha256"),
    ],
)
def test_what_does_not_agree_is_found(tmp_path, name, old, new, said):
    clone = make_clone(tmp_path / "core")
    text = (clone / name).read_text()
    assert old in text
    (clone / name).write_text(text.replace(old, new))
    assert said in "\n".join(faults(clone))


def test_a_tag_that_was_moved_is_told():
    recorded = {
        "A": {"image": "a:1", "digest": "sha256:1"},
        "B": {"image": "b:1", "digest": "sha256:2"},
        "C": {"image": "c:1"},
        "D": {"image": "d:1", "digest": "sha256:4"},
    }
    lines, agree = compare(recorded, {"a:1": "sha256:1", "b:1": "sha256:9", "c:1": "sha256:3"})
    assert not agree
    assert lines == [
        "a:1: sha256:1, as in the file",
        "b:1: sha256:9, but the file has sha256:2",
        "c:1: sha256:3, none in the file",
        "d:1: not on this machine",
    ]
    assert compare(recorded, {"a:1": "sha256:1"})[1]


def test_the_workflow_may_do_little_and_uses_only_what_is_pinned():
    workflow = yaml.safe_load((ROOT / WORKFLOW).read_text())
    assert workflow["permissions"] == {}
    [job] = workflow["jobs"].values()
    assert job["permissions"] == {"contents": "read"}
    assert job["env"]["IMAGES"] == "public"
    used = [step["uses"] for step in job["steps"] if "uses" in step]
    assert used
    assert all(re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", name) for name in used)
    commands = "\n".join(step.get("run", "") for step in job["steps"])
    for word in ("make up", "secrets rotate", " backup ", " restore ", " roll", "make down"):
        assert word in commands


def test_a_new_version_is_taken_as_written():
    """OPERATIONS.md names every place in which a tag stands."""
    text = (ROOT / "OPERATIONS.md").read_text()
    section = text.partition("## A new version of an image")[2].partition("\n## ")[0]
    for word in ("infra/images.toml", ".env.example", "docker-compose", "make docs"):
        assert word in section
