"""Checks of the topic images."""
