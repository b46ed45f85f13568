"""Checks of the topic environment."""
