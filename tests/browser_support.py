"""Debian's Chromium for tests of the page, driven by Playwright; nothing is loaded from outside.

Where it is missing a test is skipped aloud, or on CI fails.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

PROGRAMS = ("chromium-headless-shell", "chromium", "google-chrome")


@contextmanager
def chromium() -> Iterator:
    """Start a browser, and end it with the test."""
    program = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if program is None:
        words = "needs Chromium (Debian's package chromium-headless-shell)"
        if os.environ.get("CI"):
            pytest.fail(words)
        pytest.skip(words)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=program, args=["--no-sandbox"])
        try:
            yield browser
        finally:
            browser.close()


def listen(page, said: list[str]) -> None:
    """Gather in `said` what a page writes to the console, and every failure and dialog of it.

    A browser with a window's parts asks for an icon by itself, which no page of ours has.
    """
    page.on("console", lambda one: _own(said, f"{one.text} {one.location.get('url')}"))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("dialog", lambda one: said.append(one.message))


def _own(said: list[str], words: str) -> None:
    if "favicon" not in words:
        said.append(words)


def project(size: int) -> str:
    """A Compose file with so many services (at least 12) in parts that wait for two databases."""
    lines = ["name: shop", "services:"]
    lines += ["  postgres: {image: 'postgres:17', environment: {POSTGRES_PASSWORD: rose-91}}"]
    lines += ["  redis: {image: 'redis:8', restart: allways}", "  mailpit: {image: 'mailpit:1'}"]
    parts = ["catalogue", "customer-accounts", "recommendations-and-more"]
    parts += [f"part{number}" for number in range(size // 8)]
    roles = ("api", "worker", "scheduled-notifications-dispatcher", "front-end-of-customers")
    for number in range(size - 3):
        part, role = parts[number // 4 % len(parts)], roles[number % 4]
        name = f"{part}-{role}" if number < 4 * len(parts) else f"{part}-{role}-{number}"
        needs = "postgres, redis" if role != "front-end-of-customers" else f"{part}-api"
        lines.append(f"  {name}:")
        lines.append(f"    image: 'registry.example.com/shop/a-long-word-for-{name}:1'")
        lines.append(f"    depends_on: [{needs}]")
        if role == "api":
            lines.append(
                "    environment: {DATABASE_URL: 'postgres://postgres:rose-91@postgres/a'}"
            )
    return "\n".join([*lines, ""])


def write_page(directory: Path, text: str, *options: str) -> str:
    """Write the report of a Compose file, with options of `report`; return its address."""
    from bootready.cli import run

    directory.mkdir(parents=True, exist_ok=True)
    (directory / "compose.yaml").write_text(text, encoding="utf-8")
    page = directory / "page.html"
    assert run(["report", "--engine", "none", "-C", str(directory), "-o", str(page), *options]) == 0
    return page.as_uri()
