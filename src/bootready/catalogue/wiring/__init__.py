"""Checks of the topic wiring: who talks to whom."""
