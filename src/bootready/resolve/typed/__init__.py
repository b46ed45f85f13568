"""Nodes -> typed views of services, networks, volumes, secrets and configs."""
