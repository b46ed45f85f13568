"""Facts about this machine, read-only, with a recorded version for tests."""
