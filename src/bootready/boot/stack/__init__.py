"""A stack on a Docker Swarm: what its tasks say, until all of it is up or will not be."""
