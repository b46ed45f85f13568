"""A tree as it is written -> the tree as Compose spells it out."""
