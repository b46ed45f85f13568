"""What programs write when they cannot start: rows in tables, and what compares them."""
