"""The extra `page`: what is said if it is not installed."""

from __future__ import annotations

from bootready.errors import UsageError

PACKAGES = ("starlette", "uvicorn")


def require_page() -> None:
    """Return if what serves a page is installed; raises UsageError otherwise."""
    from importlib.util import find_spec

    for name in PACKAGES:
        if find_spec(name) is None:
            raise UsageError(
                f"the page needs the package '{name}', which is not installed",
                "pip install 'bootready[page]'",
            )
