"""Checks of the topic volumes."""
