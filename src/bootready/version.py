"""Which bootready this is, for every layer; to ask what is installed takes longer than all else."""

VERSION = "0.1.0"
"""As pyproject.toml has it."""
