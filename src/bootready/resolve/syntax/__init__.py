"""The short syntaxes of the Compose Specification: text in, long syntax out."""
