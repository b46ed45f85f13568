"""Verdicts, plans and boots -> text and machine-readable formats. Decides nothing."""
