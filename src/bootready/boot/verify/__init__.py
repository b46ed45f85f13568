"""The endpoints of a project, and whether they answer."""
