"""What is known of processes: words of a command, shells, scripts, users."""
