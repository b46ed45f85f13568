"""What an agent asks about projects, over the Model Context Protocol; nothing here writes.

Only `mcp.server` knows the protocol; the other modules answer in plain values.
"""
