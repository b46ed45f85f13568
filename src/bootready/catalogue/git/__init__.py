"""Checks of the topic git."""
