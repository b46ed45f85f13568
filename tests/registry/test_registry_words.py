"""References, places and platforms: the decisions that no registry has a say in."""

from __future__ import annotations

import pytest

from bootready.check.pulls import fetched, size_words
from bootready.model.fact import Layer, RegistryFact
from bootready.registry.client import kindred
from bootready.registry.documents import chosen
from bootready.registry.logins import Login, find_login
from bootready.registry.places import MACHINE, METADATA, PRIVATE, PUBLIC, nearness
from bootready.registry.reference import Endpoint, endpoints, wanted


@pytest.mark.parametrize(
    ("image", "parts"),
    [
        ("debian", ("docker.io", "library/debian", "latest")),
        ("docker.io/library/debian:12", ("docker.io", "library/debian", "12")),
        ("acme/shop:1", ("docker.io", "acme/shop", "1")),
        ("localhost:5000/shop:1", ("localhost:5000", "shop", "1")),
        ("[::1]:5000/shop:1", ("[::1]:5000", "shop", "1")),
        (
            "r.example.com/a/b/c@sha256:" + "a" * 64,
            ("r.example.com", "a/b/c", "sha256:" + "a" * 64),
        ),
        ("r.example.com/../../etc:1", None),
        ("r.example.com/a?b:1", None),
        ("r.example.com/a:1/../x", None),
        ("r.example.com@evil.example/a", None),
        ("r.example.com/A:1", None),
        ("r.example.com/a\r\nX: y", None),
        ("a" * 600, None),
        ("", None),
    ],
)
def test_only_a_valid_reference_reaches_a_url(image, parts):
    assert wanted(image) == parts


@pytest.mark.parametrize(
    ("registry", "realm", "may"),
    [
        ("registry-1.docker.io", "auth.docker.io", True),
        ("ghcr.io", "ghcr.io", True),
        ("registry.gitlab.com", "gitlab.com", True),
        ("registry.shop.example.com", "auth.shop.example.com", True),
        ("example.com:5000", "auth.example.com", True),
        ("registry.example.com", "evil.com", False),
        ("registry.example.com", "registry.example.com.evil.net", False),
        ("shop.co.uk", "evil.co.uk", False),
        ("10.0.0.5:5000", "10.0.0.5:5001", True),
        ("10.0.0.5", "11.0.0.5", False),
        ("localhost", "evil.localhost", True),
    ],
)
def test_a_login_goes_to_whoever_runs_the_registry(registry, realm, may):
    assert kindred(registry, realm) is may


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("93.184.215.14", PUBLIC),
        ("2606:2800:21f::1", PUBLIC),
        ("10.1.2.3", PRIVATE),
        ("100.64.0.1", PRIVATE),
        ("fd12::1", PRIVATE),
        ("127.0.0.1", MACHINE),
        ("::1", MACHINE),
        ("0.0.0.0", MACHINE),
        ("::ffff:127.0.0.1", MACHINE),
        ("169.254.169.254", METADATA),
        ("::ffff:169.254.169.254", METADATA),
        ("64:ff9b::a9fe:a9fe", METADATA),
        ("fe80::1%eth0", METADATA),
        ("fd00:ec2::254", METADATA),
        ("100.100.100.200", METADATA),
        ("224.0.0.1", METADATA),
        ("nonsense", METADATA),
    ],
)
def test_how_near_an_address_is(address, place):
    assert nearness(address) == place


def test_endpoints_are_those_of_the_engine():
    """Mirrors serve Docker Hub only; plain HTTP is for what the engine calls insecure."""
    addresses = {"in.example": ["10.0.0.9"], "mirror.example": ["192.0.2.1"]}

    def found(registry: str) -> list[tuple[str, str, bool]]:
        mirrors, insecure = (
            ("https://mirror.example/", "file:///x"),
            ("plain.example", "10.0.0.0/8"),
        )
        return list(endpoints(registry, mirrors, insecure, lambda host: addresses.get(host, [])))

    hub = [("https", "mirror.example", True), ("https", "registry-1.docker.io", True)]
    assert found("docker.io") == hub
    assert found("plain.example") == [
        Endpoint("https", "plain.example", verify=False),
        Endpoint("http", "plain.example", verify=False),
    ]
    assert [one.scheme for one in found("in.example")] == ["https", "http"]
    assert found("other.example") == [("https", "other.example", True)]


@pytest.mark.parametrize(
    ("offered", "asked", "taken"),
    [
        (["linux/amd64", "linux/arm64/v8"], "linux/arm64", "linux/arm64/v8"),
        (["linux/arm/v6", "linux/arm/v7"], "linux/arm", "linux/arm/v7"),
        (["linux/arm/v5", "linux/arm/v6"], "linux/arm/v7", "linux/arm/v6"),
        (["linux/arm/v7"], "linux/arm/v6", ""),
        (["linux/386"], "linux/amd64", "linux/386"),
        (["windows/amd64"], "linux/amd64", ""),
        ([], "linux/amd64", ""),
    ],
)
def test_the_platform_that_an_engine_takes(offered, asked, taken):
    assert chosen(dict.fromkeys(offered, ""), asked) == taken


def test_a_layer_is_here_on_top_of_those_below_it_only():
    first = RegistryFact("r", "found", layers=(Layer("a", 100, "A"), Layer("b", 20, "B")))
    second = RegistryFact("r", "found", layers=(Layer("c", 3, "C"), Layer("b", 20, "B")))
    assert fetched([first, second], []) == 123
    assert fetched([first], [("A",)]) == 20
    assert fetched([first], [("A", "B", "X")]) == 0
    assert fetched([second], [("A", "B")]) == 23
    assert size_words(123) == "123 B"
    assert size_words(1_234_567) == "1.2 MB"


def test_a_login_never_prints_itself():
    login = Login("config.json", "clerk", "planted-s3cret", "planted-identity", "planted-bearer")
    assert "planted" not in f"{login} {login!r} {[login]}"


@pytest.mark.parametrize("text", ["{", "[]", '{"auths": []}', '{"auths": {"r": {"auth": "%"}}}'])
def test_a_damaged_configuration_holds_no_login(tmp_path, text):
    (tmp_path / "config.json").write_text(text)
    assert find_login("r", {"DOCKER_CONFIG": str(tmp_path)}) is None
