"""The words of a command line that several commands share."""
