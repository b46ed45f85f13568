"""A channel and a page -> an address on the loopback interface, for one person's browser.

What serves it is imported once somebody asks, in a thread of its own: nothing that boots waits.
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from secrets import token_urlsafe
from select import select
from threading import Event, Thread

from bootready.page.channel import HOST, Channel, Page, Served
from bootready.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from uvicorn import Server

STOPPING = 2.0
"""Seconds that browsers have to be told that this was all."""


@contextmanager
def serving(
    channel: Channel, page: Callable[[], Page], others: Sequence[Served] = ()
) -> Iterator[str]:
    """Serve while the context lasts; yields the address, with its token. Raises OSError.

    `others` are at the same address with their number, from 1, after it.
    """
    all_of_it = (Served(channel, page), *others)
    token = token_urlsafe(24)
    listener = socket.create_server((HOST, 0))
    address = f"http://{HOST}:{listener.getsockname()[1]}/{token}/"
    servers: list[Server] = []
    over = Event()
    woken, wake = socket.socketpair()

    def serve() -> None:
        with listener, woken:
            select([listener, woken], (), ())
            if over.is_set():
                return
            from bootready.page.app import server_of  # a boot that no browser looks at pays nothing

            servers.append(server_of(listener, all_of_it, token))
            if not over.is_set():
                servers[0].run([listener])

    thread = Thread(target=serve, daemon=True, name="page")
    thread.start()
    try:
        yield address
    finally:
        for one in all_of_it:
            one.channel.end()
        over.set()
        wake.close()
        for server in servers:
            server.should_exit = True
        if any(one.channel.listened_to for one in all_of_it):
            thread.join(STOPPING)
