"""Plan -> files: carries out steps atomically; never overwrites what a person made."""
