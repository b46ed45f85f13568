"""Checks of the topic host."""
