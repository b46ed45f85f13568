"""A check asks the engine before it reads files; what was not needed does no harm."""

import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from bootready.engine.address import Address
from bootready.engine.api import Api
from bootready.engine.observe import LocalEngine
from bootready.errors import EngineError

INFO = b'{"ServerVersion": "29.1.0", "NCPU": 4}'
NETWORKS = b'[{"Name": "shared", "Driver": "bridge"}]'


class Listener:
    """Something that accepts connections; each of them stays as it is until a test answers it."""

    def __init__(self, path: Path) -> None:
        self.environ = {"DOCKER_HOST": f"unix://{path}"}
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.bind(str(path))
        self._socket.listen(20)
        self._socket.settimeout(20)
        self._accepted: list[socket.socket] = []

    def questions(self, count: int) -> dict[str, socket.socket]:
        """Return the connections of the next so many questions, by what they ask for."""
        found = {}
        for _ in range(count):
            connection, _ = self._socket.accept()
            connection.settimeout(20)
            self._accepted.append(connection)
            found[connection.recv(4096).split()[1].decode()] = connection
        return found

    def close(self) -> None:
        for one in (*self._accepted, self._socket):
            one.close()


@pytest.fixture
def listener(tmp_path: Path) -> Iterator[Listener]:
    made = Listener(tmp_path / "e.sock")
    yield made
    made.close()


def answer(connection: socket.socket, body: bytes = b"OK", status: str = "200 OK") -> None:
    head = f"HTTP/1.0 {status}\r\nContent-Length: {len(body)}\r\n\r\n".encode()
    connection.sendall(head + body)
    connection.close()


def test_all_is_asked_before_anything_is_waited_for(listener: Listener) -> None:
    engine = LocalEngine(listener.environ)
    engine.ask_ahead()
    asked = listener.questions(6)
    assert {"/_ping", "/info", "/networks", "/volumes", "/containers/json?all=true"} <= {*asked}
    answer(asked["/_ping"])
    answer(asked["/networks"], NETWORKS)
    assert engine.reachable
    assert engine.networks() == ("shared",)
    engine.let_go()
    assert asked["/info"].recv(10) == b"", "nobody came to read, so it is closed"


def test_an_answer_is_given_away_once(listener: Listener) -> None:
    api = Api(Address("unix:///e", path=listener.environ["DOCKER_HOST"].removeprefix("unix://")))
    api.ask_ahead("/info")
    answer(listener.questions(1)["/info"], INFO)
    assert api.get("/info") == {"ServerVersion": "29.1.0", "NCPU": 4}
    again = threading.Thread(target=lambda: answer(listener.questions(1)["/info"], b"{}"))
    again.start()
    assert api.get("/info") == {}, "asked anew"
    again.join()


def test_a_refusal_is_said_when_it_is_read(listener: Listener) -> None:
    engine = LocalEngine(listener.environ)
    engine.ask_ahead()
    asked = listener.questions(6)
    answer(asked["/networks"], b'{"message": "not for you"}', "403 Forbidden")
    with pytest.raises(EngineError, match="not for you"):
        engine.networks()
    engine.let_go()


def test_after_one_silence_nothing_else_is_waited_for(
    listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not even an answer that is there: an engine that hangs is not asked again for a while."""
    monkeypatch.setattr("bootready.engine.observe.TIMEOUT", 0.1)
    engine = LocalEngine(listener.environ)
    engine.ask_ahead()
    answer(listener.questions(6)["/networks"], NETWORKS)
    assert not engine.reachable
    with pytest.raises(EngineError, match="did not answer"):
        engine.networks()
    engine.let_go()


@pytest.mark.parametrize("host", ["unix:///nowhere/e.sock", "tcp://127.0.0.1:1", "nonsense"])
def test_where_nothing_can_be_asked_ahead_it_is_said_later(host: str) -> None:
    engine = LocalEngine({"DOCKER_HOST": host})
    engine.ask_ahead()
    assert not engine.reachable
    assert engine.unreachable_reason
    engine.let_go()
