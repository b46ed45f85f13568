"""The Docker Engine and Docker Compose: the only place that starts a subprocess."""
