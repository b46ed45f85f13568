"""Where may be written, and files that are whole or absent."""
