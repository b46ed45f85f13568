"""Endpoints that are asked while a boot waits for time: an answer counts for those who gave it."""

import socket
import threading

import pytest

from bootready.boot.verify import endpoints
from bootready.boot.verify.endpoints import Asking
from bootready.boot.verify.listening import Socket
from bootready.boot.verify.meanwhile import Meanwhile
from bootready.engine.address import Address
from bootready.engine.container import parse_container
from bootready.errors import EngineError
from bootready.model.request import Request
from bootready.pipeline import load

ONE, TWO = frozenset({("a", 1.0)}), frozenset({("a", 2.0)})


class Noted:
    """Stands for endpoints that are being asked."""

    def __init__(self, spent, made):
        self.spent, self.stopped = spent, False
        made.append(self)

    def answers(self, told=None):
        return (self.spent,)

    def stop(self):
        self.stopped = True


@pytest.fixture
def begun():
    made = []
    return Meanwhile(lambda spent: Noted(spent, made)), made


def test_nothing_is_asked_before_only_time_is_awaited(begun):
    meanwhile, made = begun
    meanwhile.take(ONE, 1.0, only_time=False)
    assert made == []
    meanwhile.take(ONE, 2.0, only_time=True)
    meanwhile.take(ONE, 3.0, only_time=True)
    assert meanwhile.answers(4.0, None) == (2.0,), "those who were asked first"


def test_another_life_of_a_container_is_asked_anew(begun):
    meanwhile, made = begun
    meanwhile.take(ONE, 1.0, only_time=True)
    meanwhile.take(TWO, 2.0, only_time=False)
    assert [one.stopped for one in made] == [True]
    meanwhile.take(TWO, 3.0, only_time=True)
    assert meanwhile.answers(4.0, None) == (3.0,)


def test_who_was_never_asked_is_asked_at_the_end(begun):
    meanwhile, made = begun
    assert meanwhile.answers(9.0, None) == (9.0,)
    meanwhile.stop()
    assert [one.stopped for one in made] == [True]


def test_an_engine_that_fails_is_left_to_the_boot():
    def begin(spent):
        raise EngineError("gone")

    meanwhile = Meanwhile(begin)
    meanwhile.take(ONE, 1.0, only_time=True)
    with pytest.raises(EngineError):
        meanwhile.answers(1.0, None)


class OnePort:
    """An engine with one running container that publishes a port."""

    address = Address("unix:///engine", path="/engine")

    def __init__(self, port):
        self.container = {
            "Id": "c1",
            "Config": {"Labels": {"com.docker.compose.service": "web"}},
            "State": {"Status": "running", "Pid": 1},
            "NetworkSettings": {
                "Ports": {"80/tcp": [{"HostIp": "127.0.0.1", "HostPort": str(port)}]}
            },
        }

    def get(self, path, **query):
        return [{"Id": "c1", "Labels": {}}]

    def inspect(self, identity):
        return self.container

    def execute(self, container, argv, timeout=0.0):
        raise EngineError("no cat")


def test_a_program_that_only_its_container_reaches_is_given_up(tmp_path, monkeypatch):
    """The proxy hangs up at once, and the socket table says why: waiting changes nothing."""
    (tmp_path / "compose.yaml").write_text("services: {web: {image: a, ports: ['80']}}")
    project = load(Request(directory=str(tmp_path)), {})
    with socket.create_server(("127.0.0.1", 0)) as proxy:
        proxy.settimeout(60)

        def hang_up():
            while True:
                try:
                    proxy.accept()[0].close()
                except OSError:
                    return

        threading.Thread(target=hang_up, daemon=True).start()
        api = OnePort(proxy.getsockname()[1])
        assert parse_container(api.container).bindings
        monkeypatch.setattr(endpoints, "SURE", 0.0)
        monkeypatch.setattr(endpoints, "PAUSE", 0.01)
        here = (Socket("127.0.0.1", 80),)
        monkeypatch.setattr(endpoints, "sockets_of", lambda container: here)
        [found] = Asking(project, project.services, api, 3000.0).answers()
    assert not found.answered
    assert found.seconds < 2900, "long before its limit"
