"""Checks of the topic build."""
