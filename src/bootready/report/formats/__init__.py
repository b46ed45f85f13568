"""A verdict in the formats that people and programs read; one module per format."""
