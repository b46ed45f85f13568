"""The addresses in a text: every class of spelling that drivers read, and what is none."""

import pytest

from bootready.connections.addresses import Address, addresses_in, hosts_in
from bootready.knowledge.protocols import protocol_of_image


def read(text: str) -> list[Address]:
    """What a variable for hosts is read as."""
    return addresses_in(text) or hosts_in(text)


@pytest.mark.parametrize(
    ("text", "addresses"),
    [
        ("tls+nats://nats", ["nats nats 4222"]),
        ("monolith+nats://nats:4223", ["nats nats 4223"]),
        ("nats://a:4222,nats://b:4222", ["a nats 4222", "b nats 4222"]),
        ("redis+sentinel://a:26379,b:26379/main/0", ["a redis 26379", "b redis 26379"]),
        ("redis-sentinel://a/main", ["a redis 26379"]),
        ("mongodb+srv://mongo/app", ["mongo mongo 27017"]),
        ("mongodb://u:p@a:27017,b/app?replicaSet=x", ["a mongo 27017", "b mongo 27017"]),
        ("amqps://u:p@rabbit/v", ["rabbit amqp 5671"]),
        ("git+https://example.com/x", ["example.com http 443"]),
        ("tcp://docker:2375", ["docker  2375"]),
        ("jdbc:postgresql://db/shop?user=u", ["db postgres 5432"]),
        ("jdbc:sqlserver://sql:1433;databaseName=x", ["sql mssql 1433"]),
        ("jdbc:oracle:thin:@ora:1521/FREEPDB1", ["ora oracle 1521"]),
        ("jdbc:oracle:thin:u/p@//ora:1521/FREEPDB1", ["ora oracle 1521"]),
        ("u:p@tcp(my:3306)/shop?parseTime=true", ["my mysql 3306"]),
        ("mysql://u:p@tcp(my:3306)/shop?max_conns=20", ["my mysql 3306"]),
        ("postgresql://u:<YOUR_PASSWORD>@db:5432/x", ["db postgres 5432"]),
        ("redis:6379,abortConnect=false,ssl=False", ["redis  6379"]),
        ("db:5432/shop?sslmode=disable", ["db  5432"]),
        ("'etcd1:2379','etcd2:2379'", ["etcd1  2379", "etcd2  2379"]),
        ('["http://es1:9200","http://es2:9200"]', ["es1 http 9200", "es2 http 9200"]),
        ('["es1:9200", "es2:9200"]', ["es1  9200", "es2  9200"]),
        ("[::1]:6379", ["::1  6379"]),
        ("cache1:11211 cache2:11211", ["cache1  11211", "cache2  11211"]),
        ("sqlite:///var/lib/x.db", []),
        ("http+unix://%2Fvar%2Frun%2Fdocker.sock", []),
        ("unix:///var/run/docker.sock", []),
        ("12:30", []),
        ("a=b", []),
    ],
)
def test_hosts_protocols_and_ports(text: str, addresses: list[str]) -> None:
    found = [f"{one.host} {one.protocol} {one.reaches}" for one in read(text)]
    assert found == addresses


@pytest.mark.parametrize(
    "text", ["tls+nats://a", "rediss://a", "ssl://a:8883", "mongodb://a/?tls=true"]
)
def test_who_insists_on_tls(text: str) -> None:
    assert [one.tls for one in read(text)] == [True]


def test_the_login_of_a_driver_in_a_url_is_the_one_before_it() -> None:
    [one] = read("mysql://root:rose@tcp(my:3306)/shop")
    assert (one.user, one.database) == ("root", "shop")
    assert one.password is not None
    assert one.password.within("rose")


@pytest.mark.parametrize(
    ("image", "protocol"),
    [
        ("bitnami/redis:7.4", "redis"),
        ("bitnami/mongodb:7", "mongo"),
        ("redpandadata/redpanda:v24.2", "kafka"),
        ("scylladb/scylla:6", "cassandra"),
        ("timescale/timescaledb-ha:pg16", "postgres"),
        ("docker:27-dind", "docker"),
        ("docker:27-cli", ""),
    ],
)
def test_what_the_program_in_an_image_speaks(image: str, protocol: str) -> None:
    assert protocol_of_image(image) == protocol
