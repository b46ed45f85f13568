"""Checks of the topic compose file."""
