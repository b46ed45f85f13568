"""The text of a YAML file -> its documents as Nodes, every value and key with its place."""

from __future__ import annotations

from bootready.collecting import uncollected
from bootready.model.node import Node
from bootready.read.limits import DOCUMENT_LIMIT, NODE_LIMIT, V2_NODE_LIMIT, Room, YamlError
from bootready.read.plain import NotPlain, read_plain

__all__ = ["DOCUMENT_LIMIT", "NODE_LIMIT", "V2_NODE_LIMIT", "Room", "YamlError", "read_yaml"]


@uncollected
def read_yaml(
    text: str, file: str, node_limit: int = NODE_LIMIT, room: Room | None = None
) -> list[Node]:
    """Return the documents of `text`; `file` is the absolute path that the places name.

    More than `node_limit` values in one document are refused, and more in all than `room` has left.
    An empty file has no documents. Raises YamlError with every problem found up to the first
    syntax error.
    """
    room = room or Room()
    try:
        read = read_plain(text, file, min(node_limit, room.left))
    except NotPlain:
        # PyYAML takes longer to import than most files take to be read.
        from bootready.read.composer import compose

        return compose(text, file, node_limit, room)
    room.left -= read.keys + read.values
    return [read.root]
