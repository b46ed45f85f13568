"""What means a secret: names that say so, and values that look like one."""
