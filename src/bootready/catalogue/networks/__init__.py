"""Checks of the topic networks."""
