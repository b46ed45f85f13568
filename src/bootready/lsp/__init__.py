"""What an editor asks about the files of a project, over the Language Server Protocol.

Only `lsp.features` and `lsp.server` know the protocol; the other modules answer in our own terms.
"""
