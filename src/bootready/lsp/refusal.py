"""Why something is not renamed, in words for the person who asked."""

from __future__ import annotations

from bootready.errors import BootreadyError


class RefusedError(BootreadyError):
    """It would not be safe, or there is nothing with a name; the message says why."""
