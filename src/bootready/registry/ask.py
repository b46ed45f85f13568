"""The images of a project -> what their registries say, several at once and each asked once."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Iterable, Mapping

from bootready.errors import EngineError
from bootready.knowledge.images.platforms import architecture_of
from bootready.model.fact import EngineFact, RegistryFact
from bootready.registry.cache import Cache, cache_directory
from bootready.registry.client import Client
from bootready.registry.logins import Login, find_login
from bootready.registry.look import look
from bootready.registry.reference import Endpoint, Wanted, endpoints, wanted
from bootready.registry.transport import Limits, Transport, UnansweredError, contexts_for
from bootready.typed import NamedTuple

AT_ONCE = 8
MOST = 200
"""So many images are asked for; a project of more is told that the rest was not."""
CERTIFICATES = "/etc/docker/certs.d"

Key = tuple[str, str]
"""An image's reference and the platform, '' for that of the engine."""


class Settings(NamedTuple):
    """How registries are asked: as the engine asks them, and within which limits."""

    architecture: str = "x86_64"
    mirrors: tuple[str, ...] = ()
    insecure: tuple[str, ...] = ()
    proxies: Mapping[str, str] = {}
    limits: Limits = Limits()
    certificates: str = CERTIFICATES


def settings_of(engine: EngineFact | None, environ: Mapping[str, str]) -> Settings:
    """Return how the engine asks registries; as this machine would where there is no engine.

    Proxies of the shell go before those of the engine, which may hide their passwords.
    """
    proxies = {
        kind: value
        for kind in ("http", "https", "no")
        for name in (f"{kind}_proxy", f"{kind}_proxy".upper())
        if (value := environ.get(name))
    }
    if engine is None:
        from platform import machine

        return Settings(machine(), proxies=proxies)
    known = {
        kind: value for kind, value in engine.proxies.items() if value and "xxxxx" not in value
    }
    return Settings(engine.architecture, engine.mirrors, engine.insecure, proxies or known)


class Registries:
    """Asks when the first fact is wanted, for all images at once; nothing is asked twice."""

    asked = True

    def __init__(
        self, images: Iterable[Key], environ: Mapping[str, str], settings: Settings
    ) -> None:
        self._keys = tuple(dict.fromkeys(images))
        self._environ = environ
        self._settings = settings
        self._facts: dict[Key, RegistryFact | None] | None = None

    def image(self, image: str, platform: str = "") -> RegistryFact | None:
        """Return what its registry says of an image; None for one that is not asked for."""
        if self._facts is None:
            self._facts = self._asked()
        return self._facts.get((image, platform))

    def _asked(self) -> dict[Key, RegistryFact | None]:
        questions = {key: found for key in self._keys if (found := wanted(key[0])) is not None}
        if not questions:
            return {}
        settings = self._settings
        transport = Transport(
            settings.limits, contexts_for(settings.certificates), settings.proxies
        )
        cache = Cache(cache_directory(self._environ))
        asker = _Asker(transport, cache, self._environ, settings)
        first = list(questions.items())[:MOST]
        facts = dict[Key, RegistryFact | None](_at_once(asker, first, settings.limits.all))
        for key, question in questions.items():
            words = "not asked: the project has too many images"
            if key in dict(first):
                words = f"no answer within {settings.limits.all:g} s"
            facts.setdefault(key, RegistryFact(question.registry, "silent", words))
        transport.close()
        cache.prune()
        return facts


class _Asker:
    """Asks for one image after another; threads share it."""

    def __init__(
        self, transport: Transport, cache: Cache, environ: Mapping[str, str], settings: Settings
    ) -> None:
        self._transport = transport
        self._cache = cache
        self._environ = environ
        self._settings = settings
        self._logins: dict[str, Login | EngineError | None] = {}
        self._lock = threading.Lock()

    def ask(self, question: Wanted, platform: str) -> RegistryFact:
        """Return what the first endpoint that has the image says of it, or the last one says."""
        platform = platform or f"linux/{architecture_of(self._settings.architecture)}"
        found = RegistryFact(question.registry, "silent", "no registry is configured for it")
        encrypted = ""
        for endpoint in endpoints(
            question.registry,
            self._settings.mirrors,
            self._settings.insecure,
            self._transport.resolve,
        ):
            if endpoint.scheme == "http" and endpoint.host == encrypted:
                continue  # plain HTTP is for what does not speak TLS
            encrypted = endpoint.host
            try:
                found = self._look(endpoint, question, platform)
            except UnansweredError as error:
                found = RegistryFact(endpoint.host, "silent", error.said)
                encrypted = "" if error.no_tls else endpoint.host
            if found.state in {"found", "foreign", "no platform"}:
                return found
        return found

    def _look(self, endpoint: Endpoint, question: Wanted, platform: str) -> RegistryFact:
        login = self._login(endpoint.host)
        failure = login if isinstance(login, EngineError) else None
        given = None if isinstance(login, EngineError) else login
        client = Client(self._transport, endpoint, question.repository, given)
        fact = look(client, question, platform, self._cache)
        if failure is not None and fact.state == "refused":
            return fact._replace(said=failure.message)
        return fact

    def _login(self, host: str) -> Login | EngineError | None:
        with self._lock:  # a helper may ask a person, who is not to be asked eight times
            if host not in self._logins:
                try:
                    self._logins[host] = find_login(host, self._environ)
                except EngineError as error:
                    self._logins[host] = error
            return self._logins[host]


def _at_once(
    asker: _Asker, questions: list[tuple[Key, Wanted]], seconds: float
) -> list[tuple[Key, RegistryFact]]:
    """Return the answers that came within so many seconds; who still waits is left behind."""
    waiting: queue.SimpleQueue[tuple[Key, Wanted]] = queue.SimpleQueue()
    answers: queue.SimpleQueue[tuple[Key, RegistryFact | BaseException]] = queue.SimpleQueue()
    for one in questions:
        waiting.put(one)

    def work() -> None:
        while True:
            try:
                key, question = waiting.get_nowait()
            except queue.Empty:
                return
            try:
                answers.put((key, asker.ask(question, key[1])))
            except BaseException as error:  # noqa: BLE001 - told to the thread that waits
                answers.put((key, error))

    for _ in range(min(AT_ONCE, len(questions))):
        threading.Thread(target=work, daemon=True).start()
    found: list[tuple[Key, RegistryFact]] = []
    deadline = time.monotonic() + seconds
    while len(found) < len(questions):
        try:
            key, answer = answers.get(timeout=max(0.0, deadline - time.monotonic()))
        except queue.Empty:
            break
        if isinstance(answer, BaseException):
            raise answer
        found.append((key, answer))
    return found
