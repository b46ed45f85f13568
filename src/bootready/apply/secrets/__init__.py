"""Values that are made, kept and rotated, and the files they live in."""
