"""What is published of a commit: the page, the same bytes each time, other package managers."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

from bootready.cli import COMMANDS
from bootready.version import VERSION

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "scripts"))
import packages  # noqa: E402 - a script of this repository
from package_page import page_of  # noqa: E402 - as above

sys.path.remove(str(ROOT / "scripts"))
README = (ROOT / "README.md").read_text(encoding="utf-8")
SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
REPOSITORY = "https://git.example.com/owner/bootready"
LOCKED = {
    "packages": [
        {"name": name, "sdist": {"url": f"{REPOSITORY}/{name}.tar.gz", "hashes": {"sha256": "a"}}}
        for name in ("rich", "cffi")
    ]
    + [{"name": "colorama", "marker": "sys_platform == 'win32'"}, {"name": "bootready"}]
}


@pytest.fixture(scope="module")
def released(tmp_path_factory) -> dict[str, str]:
    """The files of a release, for other package managers."""
    sdist = tmp_path_factory.mktemp("dist") / "bootready-1.2.3.tar.gz"
    sdist.write_bytes(b"source")
    return packages.of_release("1.2.3", sdist, REPOSITORY, LOCKED)


def test_every_link_of_the_page_is_absolute():
    links = re.findall(r"\]\((\S+?)\)", page_of(README, REPOSITORY))
    assert f"{REPOSITORY}/blob/HEAD/docs/guides/ci.md" in links
    assert [one for one in links if not one.startswith("https://")] == []
    for link in links:
        path = link.removeprefix(f"{REPOSITORY}/blob/HEAD/").partition("#")[0]
        assert path == link or (ROOT / path).exists(), link


def test_without_an_address_nothing_leads_nowhere():
    page = page_of("See [it](docs/x.md), [here](#part) and [there](https://example.com/).", "")
    assert page == "See it, here and [there](https://example.com/)."
    assert packages.of_release("1.2.3", ROOT / "LICENSE", "", LOCKED) == {}


def test_two_builds_have_the_same_bytes(tmp_path):
    """Whenever and wherever they are made, by whatever mask of modes."""
    tracked = subprocess.run(
        ["git", "ls-files", "-z", "src", "docs/man", "pyproject.toml", "README.md", "LICENSE"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout.split("\0")[:-1]  # fmt: skip
    built = []
    for name, mask in (("one", 0o022), ("an other", 0o077)):
        for path in tracked:
            target = tmp_path / name / path
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / path, target)
        done = subprocess.run(
            [sys.executable, "-m", "hatchling", "build"],
            cwd=tmp_path / name,
            env={**os.environ, "SOURCE_DATE_EPOCH": "1700000000"},
            umask=mask, capture_output=True, text=True, check=False, timeout=300,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        built.append({path.name: path for path in (tmp_path / name / "dist").iterdir()})
    assert len(built[0]) == 2
    assert built[0].keys() == built[1].keys()
    for name, path in built[0].items():
        assert path.read_bytes() == built[1][name].read_bytes(), name
    wheel = next(path for path in built[0].values() if path.suffix == ".whl")
    names = zipfile.ZipFile(wheel).namelist()
    assert "bootready/py.typed" in names
    assert any(name.endswith("share/man/man1/bootready.1") for name in names)
    assert not [name for name in names if name.startswith("tests/") or name.endswith(".pyc")]


def test_the_program_says_the_version_of_the_project():
    assert SETTINGS["version"] == VERSION


def test_the_classifiers_are_the_versions_that_will_do():
    least = int(SETTINGS["requires-python"].removeprefix(">=3."))
    named = [
        int(one.rpartition(".")[2])
        for one in SETTINGS["classifiers"]
        if re.fullmatch(r"Programming Language :: Python :: 3\.\d+", one)
    ]
    assert named == list(range(least, max(named) + 1))
    assert max(named) >= sys.version_info[1], "this Python is a later one: add its classifier"
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert settings["tool"]["ruff"]["target-version"] == f"py3{least}"


def test_every_package_that_is_needed_has_a_name_everywhere(released):
    for name in packages.needed():
        assert f"'{packages.ARCH[name]}'" in released["PKGBUILD"]
        assert f" {name} " in packages.flake("1.2.3")


def test_makepkg_could_read_it(released, tmp_path):
    path = tmp_path / "PKGBUILD"
    path.write_text(released["PKGBUILD"])
    asked = 'source "$1"; echo "$pkgname $pkgver ${#source[@]} ${#sha256sums[0]}"; type package'
    done = subprocess.run(
        ["bash", "-euc", asked, "_", path], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.startswith("bootready 1.2.3 1 64\n")


def test_the_formula_names_each_source_once(released, tmp_path):
    text = released["bootready.rb"]
    assert re.findall(r'resource "(\w+)"', text) == ["cffi", "rich"]
    assert re.findall(r'(?m)^  url "(.*)"', text) == [
        f"{REPOSITORY}/releases/download/v1.2.3/bootready-1.2.3.tar.gz"
    ]
    assert len(re.search(r'desc "(.*)"', text)[1]) <= 80, "Homebrew's limit"
    if shutil.which("ruby"):
        path = tmp_path / "bootready.rb"
        path.write_text(text)
        done = subprocess.run(["ruby", "-wc", path], capture_output=True, text=True, check=False)
        assert (done.stdout, done.stderr) == ("Syntax OK\n", "")


def test_the_flake_is_as_it_would_be_written(tmp_path):
    text = (ROOT / "packaging/flake.nix").read_text()
    assert text == packages.flake(SETTINGS["version"])
    assert text.count("{") == text.count("}")
    if shutil.which("nix-instantiate"):
        done = subprocess.run(
            ["nix-instantiate", "--parse", ROOT / "packaging/flake.nix"],
            env={**os.environ, "NIX_STATE_DIR": str(tmp_path), "NIX_STORE_DIR": str(tmp_path)},
            capture_output=True, text=True, check=False, timeout=60,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr


def test_the_page_names_every_command():
    assert [name for name in COMMANDS if f"`bootready {name}`" not in page_of(README, "")] == []
