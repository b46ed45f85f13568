"""What programs write when they cannot start: tables of rows, and how a line is compared to them."""
