"""A project -> the runbook of its first boot: facts, their words in two languages, their places."""
