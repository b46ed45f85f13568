"""A registry is a stranger: whatever it answers, nothing leaks, hangs, grows or leads elsewhere."""

from __future__ import annotations

import json

import pytest

from bootready.registry.ask import Registries, Settings
from bootready.registry.transport import Limits
from strange_registry import Asked, Reply, digest, image, index, serves, strange

LOGIN = {"username": "clerk", "password": "planted-s3cret"}
SHOP = image()
USUAL = Limits()
SHORT = Limits(connect=0.3, silence=0.3, all=5.0)


def asked_of(host: str, home, *, limits: Limits = USUAL):
    """Return what is said of one image of a registry."""
    key = (f"{host}/acme/shop:1", "linux/amd64")
    fact = Registries([key], {"HOME": str(home)}, Settings(limits=limits)).image(*key)
    assert fact is not None
    return fact


def log_in(home, *hosts: str, **login: str) -> None:
    (home / ".docker").mkdir(exist_ok=True)
    config = {"auths": dict.fromkeys(hosts, login or LOGIN)}
    (home / ".docker" / "config.json").write_text(json.dumps(config))


def changed(**documents: object):
    """Return the answers of a registry whose manifest says something else."""
    return serves(image(**documents))


def other_bytes(asked: Asked) -> Reply:
    """What is sent for a digest is another document."""
    reply = serves(SHOP)(asked)
    return reply._replace(body=reply.body + b" ") if asked.method == "GET" else reply


def at_blobs(**reply: object):
    honest = serves(SHOP)
    return lambda asked: Reply(**reply) if "/blobs/" in asked.path else honest(asked)


def to(location: str, status: int = 307):
    return at_blobs(status=status, headers=(("Location", location),))


NONSENSE = [
    pytest.param(lambda _: Reply(200, b"<html>"), "is not valid JSON", id="a page"),
    pytest.param(lambda _: Reply(200, b"[" * 100_000), "is not valid JSON", id="depth"),
    pytest.param(lambda _: Reply(200, b"[]"), "is not a valid manifest", id="a list"),
    pytest.param(lambda _: Reply(200, b"{}"), "is not a valid manifest", id="nothing"),
    pytest.param(lambda _: Reply(503), "answers 503", id="an error of its own"),
    pytest.param(
        lambda _: Reply(200, b" " * 4_200_000), "longer than 4,194,304 bytes", id="a flood"
    ),
    pytest.param(
        lambda _: Reply(200, b"{", length=90), "its HTTP is not understood", id="less than promised"
    ),
    pytest.param(changed(layers=(("a", -1),)), "of an impossible size", id="below zero"),
    pytest.param(changed(layers=(("a", "x"),)), "of an impossible size", id="no number"),
    pytest.param(changed(layers=(("a", 2**60),)), "of an impossible size", id="an exabyte"),
    pytest.param(
        changed(layers=tuple((str(n), 1) for n in range(1001))), "more than 1,000", id="layers"
    ),
    pytest.param(
        other_bytes,
        "does not have the digest",
        id="another document",
    ),
    pytest.param(at_blobs(status=500), "answers 500 where", id="no configuration"),
    pytest.param(to("file:///etc/passwd"), "redirects from 'http' to 'file'", id="to a file"),
    pytest.param(to("ftp://127.0.0.1/x"), "redirects from 'http' to 'ftp'", id="to another scheme"),
    pytest.param(to("https://127.0.0.1/x"), "redirects from 'http' to 'https'", id="to TLS"),
    pytest.param(to("http://u:p@127.0.0.1/x"), "redirects from 'http'", id="to a user"),
    pytest.param(
        to("http://169.254.169.254/latest/meta-data"), "in a nearer network", id="to the metadata"
    ),
    pytest.param(to("http://[fd00:ec2::254]/"), "in a nearer network", id="to those by IPv6"),
    pytest.param(
        lambda asked: Reply(307, headers=(("Location", asked.path),)),
        "redirects more than 5 times",
        id="in a circle",
    ),
]


@pytest.mark.parametrize(("answers", "words"), NONSENSE)
def test_nonsense_is_told_with_the_registrys_name(tmp_path, answers, words):
    with strange(answers) as registry:
        fact = asked_of(registry.host, tmp_path)
    assert (fact.host, fact.state) == (registry.host, "silent")
    assert words in fact.said
    assert fact.config is None


def test_a_registry_that_hangs_is_left(tmp_path):
    with strange(lambda _: None) as registry:
        assert asked_of(registry.host, tmp_path, limits=SHORT).said == "no answer within 0.3 s"


@pytest.mark.slow
def test_one_that_hangs_does_not_hold_up_another(tmp_path):
    with strange(lambda _: None) as bad, strange(serves(SHOP)) as good:
        keys = [(f"{one.host}/acme/shop:1", "linux/amd64") for one in (bad, good)]
        limits = Limits(connect=60, silence=60, all=3)
        registries = Registries(keys, {"HOME": str(tmp_path)}, Settings(limits=limits))
        assert [registries.image(*key).state for key in keys] == ["silent", "found"]
        assert registries.image(*keys[0]).said == "no answer within 3 s"


def test_a_login_goes_to_its_own_host_only(tmp_path):
    """A registry that sends us to a host with the login for the first: the second sees none."""
    with strange(lambda asked: Reply(200, SHOP[asked.path[1:]])) as store:

        def answers(asked: Asked) -> Reply:
            if "authorization" not in asked.headers:
                return Reply(401, headers=(("WWW-Authenticate", 'Basic realm="x"'),))
            if "/blobs/" in asked.path:
                name = asked.path.rpartition("/")[2]
                return Reply(307, headers=(("Location", f"http://{store.host}/{name}"),))
            return serves(SHOP)(asked)

        with strange(answers) as registry:
            log_in(tmp_path, registry.host)
            assert asked_of(registry.host, tmp_path).state == "found"
    assert len(store.asked) == 1
    assert "authorization" not in store.asked[0].headers


def with_tokens(realm: str, token: str = "t0ken"):
    """Return the answers of a registry that wants a token of `realm`."""

    def answers(asked: Asked) -> Reply:
        if asked.headers.get("authorization") == f"Bearer {token}":
            return serves(SHOP)(asked)
        words = f'Bearer realm="{realm}",service="shop",scope="repository:other:push"'
        return Reply(401, headers=(("WWW-Authenticate", words),))

    return answers


def tokens(asked: Asked) -> Reply:
    return Reply(200, json.dumps({"token": "t0ken"}).encode())


def of_one_host(asked: Asked, host: list[str]) -> Reply:
    if asked.path.startswith("/token"):
        return tokens(asked)
    return with_tokens(f"http://{host[0]}/token")(asked)


@pytest.mark.parametrize(
    ("login", "method", "sent"),
    [
        ({}, "GET", "basic"),
        ({"identitytoken": "planted-identity"}, "POST", "refresh_token=planted-identity"),
        ({"registrytoken": "t0ken"}, "", ""),
    ],
    ids=["a password", "an identity token", "a token of the registry"],
)
def test_a_token_is_asked_for_with_the_login(tmp_path, login, method, sent):
    host: list[str] = []
    with strange(lambda asked: of_one_host(asked, host)) as registry:
        host.append(registry.host)
        log_in(tmp_path, registry.host, **login)
        assert asked_of(registry.host, tmp_path).state == "found"
    found = [one for one in registry.asked if one.path.startswith("/token")]
    assert [one.method for one in found] == ([method] if method else [])
    for one in found:
        words = one.path + one.headers.get("authorization", "").lower() + one.body.decode()
        assert sent in words
        assert "repository%3Aacme%2Fshop%3Apull" in words
        assert "other" not in words


def test_a_foreign_realm_gets_no_login(tmp_path):
    """An address has no domain, so another one is a stranger; it may still give a token."""
    with (
        strange(tokens, "127.0.0.2") as realm,
        strange(with_tokens(f"http://{realm.host}/token")) as registry,
    ):
        log_in(tmp_path, registry.host)
        assert asked_of(registry.host, tmp_path).state == "found"
    assert "authorization" not in realm.asked[0].headers


@pytest.mark.parametrize(
    ("realm", "words"),
    [
        ("file:///etc/passwd", "must be a 'http' address"),
        ("https://127.0.0.1/token", "must be a 'http' address"),
        ("http://169.254.169.254/token", "in a nearer network"),
        ("", "must be a 'http' address"),
    ],
)
def test_a_realm_that_is_none_is_not_asked(tmp_path, realm, words):
    with strange(with_tokens(realm)) as registry:
        log_in(tmp_path, registry.host)
        assert words in asked_of(registry.host, tmp_path).said
    assert not any("authorization" in one.headers for one in registry.asked)


def test_a_token_cannot_bring_a_header_along(tmp_path):
    def answers(asked: Asked) -> Reply:
        if asked.path.startswith("/token"):
            return Reply(200, json.dumps({"token": "a\r\nX-Forged: 1"}).encode())
        return of_one_host(asked, host)

    host: list[str] = []
    with strange(answers) as registry:
        host.append(registry.host)
        assert "its token is not a valid one" in asked_of(registry.host, tmp_path).said


def test_few_pulls_left_are_left_to_the_engine(tmp_path):
    """Asking for a digest is not counted; what counts is not fetched."""
    few = (("RateLimit-Remaining", "3;w=21600"),)
    with strange(serves(SHOP, headers=few)) as registry:
        fact = asked_of(registry.host, tmp_path)
    assert (fact.state, fact.remaining, fact.layers) == ("found", 3, ())
    assert fact.digest == list(SHOP)[-1]
    assert {path.split()[0] for path in registry.paths()} == {"HEAD"}


def test_a_limit_that_is_used_up_is_told(tmp_path):
    body = json.dumps({"errors": [{"code": "TOOMANYREQUESTS", "message": "slow down"}]}).encode()
    with strange(lambda _: Reply(429, body)) as registry:
        assert asked_of(registry.host, tmp_path).state == "limited"


def test_a_second_look_asks_for_the_digest_only(tmp_path):
    with strange(serves(SHOP)) as registry:
        first = asked_of(registry.host, tmp_path)
        count = len(registry.asked)
        assert asked_of(registry.host, tmp_path) == first
    assert registry.paths()[count:] == ["HEAD /v2/acme/shop/manifests/1"]


def test_a_mirror_comes_first_and_the_hub_is_not_reached(tmp_path):
    """Mirrors serve Docker Hub, as `docker info` names them; without a login of their own: none."""
    log_in(tmp_path, "https://index.docker.io/v1/")
    with strange(serves(SHOP)) as mirror:
        settings = Settings(mirrors=(f"http://{mirror.host}/",))
        key = ("debian:12", "linux/amd64")
        fact = Registries([key], {"HOME": str(tmp_path)}, settings).image(*key)
    assert (fact.host, fact.state) == (mirror.host, "found")
    assert mirror.paths()[0] == "HEAD /v2/library/debian/manifests/12"
    assert not any("authorization" in one.headers for one in mirror.asked)


def test_attestations_are_no_platform(tmp_path):
    documents = index(linux_amd64=SHOP, unknown_unknown=image(layers=()))
    with strange(serves(documents)) as registry:
        fact = asked_of(registry.host, tmp_path)
    assert (fact.state, fact.platforms) == ("found", ("linux/amd64",))
    assert fact.digest == digest(documents[fact.digest])


def test_what_a_proxy_is_for_goes_through_it(tmp_path):
    """A name is resolved by the proxy; the metadata of a cloud is no place for one to lead to."""
    with strange(lambda _: Reply(404)) as proxy:
        settings = Settings(
            proxies={"http": f"http://{proxy.host}"}, insecure=("registry.invalid",)
        )
        key = ("registry.invalid/acme/shop:1", "linux/amd64")
        fact = Registries([key], {"HOME": str(tmp_path)}, settings).image(*key)
    assert fact.state == "no repository"
    assert proxy.paths()[0] == "HEAD http://registry.invalid/v2/acme/shop/manifests/1"
