#!/usr/bin/env python3
"""The Markdown files of the repository -> a searchable site under `.cache/site/html`.

usage: build_site.py

The pages keep their places, so that their links to each other hold; files that they link to are
copied beside them. A link that leads nowhere fails the build. The generator is
that of `requirements/site.txt`, in an environment of its own.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import venv
from pathlib import Path

import yaml
from generate_docs import checks_on_disk

ROOT = Path(__file__).resolve().parent.parent
SITE = ROOT / ".cache" / "site"
PAGES = SITE / "pages"
ENVIRONMENT = SITE / "environment"
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)\s]*)?\)")
SECTIONS = {
    "Operating the core stack": ("OPERATIONS.md", "runbooks/**/*.md", "secrets/README*.md"),
    "Guides": ("docs/guides/*.md",),
    "Reference": ("docs/reference/*.md",),
    "Development": ("ARCHITECTURE.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md"),
    "Requirements": ("docs/prd/*.md", "specs/**/*.md", "docs/context/**/*.md"),
    "Decisions": ("docs/adr/*.md",),
}
TITLE = re.compile(r"^# (.+)$", re.MULTILINE)


def main() -> int:
    """Build the site and return the exit code of the generator."""
    shutil.rmtree(PAGES, ignore_errors=True)
    pages = [path for path in tracked() if path.suffix == ".md" and path.parts[0] != "tests"]
    for path in pages:
        lay(path)
    configuration = yaml.safe_load((ROOT / "mkdocs.yml").read_text(encoding="utf-8"))
    configuration |= {"docs_dir": str(PAGES), "site_dir": str(SITE / "html"), "nav": nav(pages)}
    chosen = SITE / "mkdocs.yml"
    chosen.write_text(yaml.safe_dump(configuration, sort_keys=False), encoding="utf-8")
    command = [str(generator()), "build", "--strict", "--quiet", "--config-file", str(chosen)]
    quiet = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}  # of its successor: see mkdocs.yml
    code = subprocess.run(command, env=quiet, check=False).returncode
    if code == 0:
        print(f"{len(pages)} pages: {(SITE / 'html' / 'index.html').relative_to(ROOT)}")
    return code


def tracked() -> list[Path]:
    """Return what git tracks or would track, relative to the root."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    names = sorted(set(listed.stdout.split("\0")))
    return [Path(name) for name in names if name and (ROOT / name).is_file()]


def lay(path: Path) -> None:
    """Copy a page, and the files of the repository that it links to."""
    text = (ROOT / path).read_text(encoding="utf-8")
    for target in {path, *linked(path, text)}:
        if not (PAGES / target).exists():
            (PAGES / target).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / target, PAGES / target)
    # A link to a directory has no page; the generator knows files only.
    (PAGES / path).write_text(LINK.sub(lambda found: whole(path, found), text), encoding="utf-8")


def linked(path: Path, text: str) -> set[Path]:
    """Return the other files of the repository, not pages themselves, that a page links to."""
    found = set()
    for target in LINK.findall(text):
        if "://" not in target:
            other = Path(os.path.normpath(path.parent / target))
            if (ROOT / other).is_file() and other.suffix != ".md":
                found.add(other)
    return found


def whole(path: Path, found: re.Match[str]) -> str:
    """Return a link, that to a directory as one to the page in it, or as its words alone."""
    other = ROOT / path.parent / found[1]
    if "://" in found[1] or not other.is_dir():
        return found[0]
    if (other / "README.md").is_file():
        return f"]({found[1].rstrip('/')}/README.md)"
    return "](#)"


def nav(pages: list[Path]) -> list[dict[str, object]]:
    """Return the menu: the README, the sections, and the catalogue by topic; Korean pages last."""
    korean = [path for path in pages if path.name.endswith(".ko.md")]
    menu: list[dict[str, object]] = [{"bootready": "README.md"}]
    for title, patterns in SECTIONS.items():
        named = [
            one.relative_to(ROOT) for pattern in patterns for one in sorted(ROOT.glob(pattern))
        ]
        found = [path for path in named if path in pages and path not in korean]
        menu.append({title: [entry(path) for path in found]})
    menu.insert(2, {"Catalogue": catalogue()})
    menu.append({"한국어": [entry(path) for path in korean]})
    return menu


def catalogue() -> list[object]:
    """Return the menu of the checks: the overview, then every topic."""
    checks = checks_on_disk()
    menu: list[object] = ["docs/catalogue/README.md"]
    for topic in sorted({check.topic for check in checks}):
        words = topic.replace("_", " ")
        below = [{c.id: f"docs/catalogue/{c.id}.md"} for c in checks if c.topic == topic]
        menu.append({words[:1].upper() + words[1:]: below})
    return menu


def entry(path: Path) -> dict[str, str]:
    """Return a page's line in the menu, under its own title."""
    title = TITLE.search((ROOT / path).read_text(encoding="utf-8"))
    return {title[1].replace("`", "") if title else path.stem: path.as_posix()}


def generator() -> Path:
    """Return the program that builds the site, installed as `requirements/site.txt` says."""
    locked = ROOT / "requirements" / "site.txt"
    wanted = locked.read_text(encoding="utf-8")
    stamp = ENVIRONMENT / ".installed"
    if not stamp.exists() or stamp.read_text(encoding="utf-8") != wanted:
        venv.create(ENVIRONMENT, clear=True, with_pip=True)
        pip = [str(ENVIRONMENT / "bin" / "python"), "-m", "pip", "install", "-q"]
        subprocess.run([*pip, "--require-hashes", "-r", str(locked)], check=True)
        stamp.write_text(wanted, encoding="utf-8")
    return ENVIRONMENT / "bin" / "mkdocs"


if __name__ == "__main__":
    sys.exit(main())
