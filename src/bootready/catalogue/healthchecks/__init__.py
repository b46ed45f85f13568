"""Checks of the topic healthchecks."""
