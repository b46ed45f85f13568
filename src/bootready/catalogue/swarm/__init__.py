"""What changes when the project runs on several machines: checks of `--target swarm` alone."""
