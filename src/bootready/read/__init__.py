"""Files -> Nodes: which files make the project, and their YAML and dotenv values with places."""
