"""Checks of the topic dependencies."""
