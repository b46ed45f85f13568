"""A channel and a page -> the answers to a browser; the only module that imports a web framework.

Read-only: two addresses, GET alone. What another page, another user or a name that was made to lead
here could ask is refused: the token in the address is of this run, and Host and Origin are checked.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Mapping, Sequence
from hmac import compare_digest

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route
from uvicorn import Config, Server

from bootready.page.channel import HOST, Channel, Served

PAUSE = 0.05
"""Seconds between two states that are sent to a browser."""
ALIVE = 15.0
"""Seconds after which a line is sent where nothing happens, so that a closed browser is noticed."""
STREAMS = 16
"""Browsers that follow at once."""


def server_of(listener: socket.socket, served: Sequence[Served], token: str) -> Server:
    """Return the server of pages; its `run` serves until `should_exit` is set."""
    app = _app(served, token, listener.getsockname()[1])
    return Server(
        Config(
            app,
            log_config=None,
            log_level="critical",
            lifespan="off",
            ws="none",
            server_header=False,
            access_log=False,
            timeout_graceful_shutdown=1,
            limit_concurrency=4 * STREAMS,
        )
    )


def _app(served: Sequence[Served], token: str, port: int) -> Starlette:
    streams = 0

    def shown(request: Request) -> Response:
        refused = _refusal(request, token, port)
        if refused is not None:
            return refused
        one = _meant(request, served)
        if one is None:
            return _answer("there is no such project", 404)
        text, policy = one.page()
        return Response(text, media_type="text/html", headers=_headers(policy))

    async def followed(request: Request) -> Response:
        refused = _refusal(request, token, port)
        if refused is not None:
            return refused
        one = _meant(request, served)
        if one is None:
            return _answer("there is no such project", 404)
        if streams >= STREAMS:
            return _answer("too many browsers follow this boot", 503)
        return StreamingResponse(
            counted(_states(one.channel)),
            media_type="text/event-stream",
            headers=_headers("default-src 'none'"),
        )

    async def counted(states: AsyncIterator[str]) -> AsyncIterator[str]:
        nonlocal streams
        streams += 1
        try:
            async for state in states:
                yield state
        finally:
            streams -= 1

    routes = [
        Route("/{token}/", shown, methods=["GET"]),
        Route("/{token}/events", followed, methods=["GET"]),
        Route("/{token}/{number}/", shown, methods=["GET"]),
        Route("/{token}/{number}/events", followed, methods=["GET"]),
    ]
    refusals = dict.fromkeys((404, 405), _refused)
    app = Starlette(routes=routes, exception_handlers=refusals)
    app.router.redirect_slashes = False
    return app


def _refusal(request: Request, token: str, port: int) -> Response | None:
    """Return the answer to a request that is not of the person's own browser; None for theirs."""
    hosts = {f"{HOST}:{port}", f"localhost:{port}"}
    host = request.headers.get("host", "")
    origin = request.headers.get("origin")
    site = request.headers.get("sec-fetch-site", "none")
    given = str(request.path_params["token"])
    right = compare_digest(given.encode(), token.encode())
    own = origin is None or origin == f"http://{host}"
    if right and host in hosts and own and site in {"none", "same-origin"}:
        return None
    return _answer("refused", 403)


def _refused(request: Request, error: Exception) -> Response:
    """Return the answer to what is at no address of ours, with the policy of every other one."""
    del request
    return _answer("refused", error.status_code if isinstance(error, HTTPException) else 403)


def _meant(request: Request, served: Sequence[Served]) -> Served | None:
    """Return what is at the number of the address; the first one without a number."""
    number = request.path_params.get("number", "0")
    numbers = {str(index): one for index, one in enumerate(served)}
    return numbers.get(number)


def _answer(words: str, status: int) -> Response:
    return PlainTextResponse(f"{words}\n", status, headers=_headers("default-src 'none'"))


def _headers(policy: str) -> Mapping[str, str]:
    return {
        "Content-Security-Policy": policy,
        "Cache-Control": "no-store",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
    }


async def _states(channel: Channel) -> AsyncIterator[str]:
    """Yield every state that is there when the browser is ready for one, until the last."""
    changed = asyncio.Event()
    loop = asyncio.get_running_loop()
    with channel.listening(lambda: loop.call_soon_threadsafe(changed.set)):
        sent = -1
        while True:
            changed.clear()
            reading = channel.read()
            if reading.version != sent:
                sent = reading.version
                yield f"data: {reading.text}\n\n"
            if reading.over:
                yield "event: over\ndata: {}\n\n"
                return
            try:
                await asyncio.wait_for(changed.wait(), ALIVE)
            except TimeoutError:
                yield ": still here\n\n"
            await asyncio.sleep(PAUSE)
