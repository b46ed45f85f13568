"""Several files and documents -> one tree: include, extends, and what must be unique."""
