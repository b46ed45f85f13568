"""Checks of the topic secrets."""
