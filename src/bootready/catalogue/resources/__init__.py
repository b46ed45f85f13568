"""Checks of the topic resources."""
