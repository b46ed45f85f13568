"""Checks of the topic ports."""
