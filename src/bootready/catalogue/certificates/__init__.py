"""Checks of the topic certificates."""
