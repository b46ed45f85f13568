"""A project and its verdict -> a picture of the whole: HTML with a graph, Mermaid, JSON."""
