"""Strategies for the parts of attributes: ports, mounts, builds, hooks and so on."""

# One alternative is one line, however long.
# ruff: noqa: E501
from __future__ import annotations

from hypothesis import strategies as st

from resolve.fuzz.emit import Raw
from resolve.fuzz.values import (
    boolean,
    command,
    duration,
    integer,
    junk,
    listed,
    mostly,
    number,
    pairs,
    size,
    text,
    texts,
    words,
)

SERVICES = ["web", "db", "app", "x-y"]
NETWORKS = ["front", "back", "default"]
VOLUMES = ["data", "cache"]
SECRETS = ["pw", "key"]
CONFIGS = ["conf", "tpl"]
MODELS = ["llm"]


def some(fields: dict[str, st.SearchStrategy], *needed: str, most: int = 4) -> st.SearchStrategy:
    """A mapping with a few of `fields`, sometimes with an extension or an unknown key."""
    names = st.lists(st.sampled_from(sorted(fields)), max_size=most, unique=True)

    def fill(chosen: list[str]) -> st.SearchStrategy:
        keys = [*needed, *(name for name in chosen if name not in needed)]
        extra = mostly(
            st.just({}), st.sampled_from([{"x-e": 1}, {"x-e": {"b": [1]}}, {"unknown": 1}]), 30
        )
        return st.tuples(st.fixed_dictionaries({k: fields[k] for k in keys}), extra).map(
            lambda both: {**both[0], **both[1]}
        )

    return mostly(names.flatmap(fill), junk, 60)


def named(names: list[str]) -> st.SearchStrategy:
    return mostly(st.sampled_from(names), st.sampled_from(["nope", "", "a b"]), 60)


path = mostly(
    st.sampled_from(["./a", "a/b", "/abs/x", "../up", "~/h", ".", "./a/../b/", "${A}/x", "/"]), text
)
PORT_TEXTS = [
    "80", "8080:80", "127.0.0.1:8080:80", "80/udp", "8000-8002:80-82", "8000-8002:80", "53:53/udp",
    "[::1]:80:80", "127.0.0.1::80", "80-82", "0.0.0.0:1:1/tcp", "${NUM}:80", "8080:80/sctp",
    ":80", "127.0.0.1:80:80/TCP", "::1:80:80", "99-101",
]  # fmt: skip
BAD_PORTS = [
    "",
    "a",
    "80:",
    "80/x",
    "70000",
    "2-1",
    "1-2:1-3",
    "a:80:80",
    "-1",
    "80:80:80:80",
    "1.5",
    " 80",
]
port = st.one_of(
    mostly(st.sampled_from(PORT_TEXTS), st.sampled_from(BAD_PORTS), 30),
    st.sampled_from([80, 8080, Raw("0x50"), Raw("22:22")]),
    some(
        {
            "target": mostly(st.sampled_from([80, 443, "80", "${NUM}"]), junk),
            "published": mostly(st.sampled_from([8080, "8080", "8000-8002", "${NUM}", ""]), junk),
            "host_ip": mostly(st.sampled_from(["127.0.0.1", "::1", "0.0.0.0"]), text, 10),
            "protocol": st.sampled_from(["tcp", "udp", "x", "TCP"]),
            "mode": st.sampled_from(["host", "ingress", "y"]),
            "name": text,
            "app_protocol": text,
        },
        "target",
    ),
)
VOLUME_TEXTS = [
    "data:/data", "cache:/c:ro", "./a:/a", "/abs:/x:rw", "/anon", "../u:/u:z", "~/h:/h", "data:/data:nocopy",
    "/s.sock:/s.sock", "a:/b/../c", "./a/:/a/", "${A}:/v", ".:/all:rshared", "data:/d/", "C:\\x:/w", "x", "ab",
    "/a:/b:ro,Z", "data:/x:weird", "\\\\.\\pipe\\p:/p",
]  # fmt: skip
BAD_VOLUMES = ["", ":", "a:b:c:d", "data:", ":/x", "undefinedvol:/x", "a::b", " :/x"]
mount = st.one_of(
    mostly(st.sampled_from(VOLUME_TEXTS), st.sampled_from(BAD_VOLUMES), 30),
    some(
        {
            "type": mostly(
                st.sampled_from(["bind", "volume", "tmpfs", "image", "npipe", "cluster"]), text, 30
            ),
            "source": st.one_of(path, st.sampled_from(VOLUMES), text),
            "target": st.sampled_from(["/a", "/b", "/c/../d", "/data/", "rel", "${A}"]),
            "read_only": boolean,
            "consistency": text,
            "bind": some(
                {
                    "propagation": text,
                    "create_host_path": boolean,
                    "recursive": st.sampled_from(["enabled", "disabled", "x"]),
                    "selinux": st.sampled_from(["z", "Z", "x"]),
                }
            ),
            "volume": some({"nocopy": boolean, "subpath": text, "labels": pairs}),
            "tmpfs": some({"size": size, "mode": mostly(st.sampled_from([511, 0o777, 0]), text)}),
            "image": some({"subpath": text}),
        },
        "type",
        "target",
    ),
)


def grant(names: list[str]) -> st.SearchStrategy:
    return st.one_of(
        named(names),
        some(
            {
                "source": named(names),
                "target": st.sampled_from(["/run/x", "name", "${A}"]),
                "uid": mostly(st.sampled_from(["1000", "0"]), junk),
                "gid": st.sampled_from(["1000", "0"]),
                "mode": mostly(
                    st.sampled_from([0o440, "0440", "288", Raw("0440"), Raw("0o440")]), junk
                ),
            },
            "source",
        ),
    )


ulimits = some(
    {
        "nofile": st.one_of(integer, some({"soft": integer, "hard": integer}, "soft", "hard")),
        "nproc": integer,
        "Core": integer,
    }
)
hook = some(
    {
        "command": command,
        "user": text,
        "privileged": boolean,
        "working_dir": text,
        "environment": pairs,
    },
    "command",
)
pre_start = some(
    {
        "command": command,
        "image": text,
        "user": text,
        "privileged": boolean,
        "working_dir": text,
        "environment": pairs,
        "per_replica": boolean,
    }
)
hosts = mostly(
    st.one_of(
        listed(st.sampled_from(["h:1.2.3.4", "h=1.2.3.4", "g=::1", "h:[::1]", "a=1.1.1.1,2.2.2.2", "${A}:1.1.1.1"])),
        st.dictionaries(
            st.sampled_from(["h", "g"]),
            st.one_of(st.sampled_from(["1.2.3.4", "[::1]", ""]), listed(st.just("1.1.1.1"))),
            max_size=2,
        ),
    ),
    st.one_of(junk, st.sampled_from([["h"], ["=1"], [":1"], {"a:b": "1"}])),
)  # fmt: skip
device_request = some(
    {
        "capabilities": listed(st.sampled_from(["gpu", "tpu", "nvidia"])),
        "count": mostly(st.sampled_from([1, "all", "2", -1, "ALL"]), junk),
        "device_ids": listed(st.sampled_from(["0", "1", "x"])),
        "driver": text,
        "options": pairs,
    },
    "capabilities",
)
update = some(
    {
        "parallelism": integer,
        "delay": duration,
        "failure_action": text,
        "monitor": duration,
        "max_failure_ratio": number,
        "order": st.sampled_from(["start-first", "stop-first", "start-first", "x"]),
    }
)
deploy = some(
    {
        "mode": st.sampled_from(["global", "replicated", "x"]),
        "endpoint_mode": text,
        "replicas": mostly(st.sampled_from([0, 1, 2, "2", "${NUM}"]), integer),
        "labels": pairs,
        "update_config": update,
        "rollback_config": update,
        "resources": some(
            {
                "limits": some({"cpus": number, "memory": mostly(st.sampled_from(["64m", "1g", "0"]), size), "pids": integer}),
                "reservations": some(
                    {
                        "cpus": number,
                        "memory": mostly(st.sampled_from(["64m", "1g"]), size),
                        "generic_resources": listed(
                            some({"discrete_resource_spec": some({"kind": text, "value": number})})
                        ),
                        "devices": listed(device_request, 2),
                    }
                ),
            }
        ),
        "restart_policy": some(
            {"condition": text, "delay": duration, "max_attempts": integer, "window": duration}
        ),
        "placement": some(
            {
                "constraints": texts,
                "preferences": listed(some({"spread": text}), 2),
                "max_replicas_per_node": integer,
            }
        ),
    }
)  # fmt: skip
build = mostly(
    st.one_of(
        path,
        some(
            {
                "context": st.one_of(path, st.sampled_from(["https://g.it/x.git", "git@h:x", "github.com/a/b", "service:db"])),
                "dockerfile": path,
                "dockerfile_inline": text,
                "entitlements": texts,
                "args": pairs,
                "ssh": mostly(st.sampled_from([["default"], {"default": None}]), st.sampled_from([["x"], {"k": "/p"}, "default"])),
                "labels": pairs,
                "cache_from": texts,
                "cache_to": texts,
                "no_cache": boolean,
                "no_cache_filter": words,
                "additional_contexts": st.one_of(
                    pairs, st.sampled_from([{"r": "./x"}, ["r=./x"], {"r": "service:db"}, {"r": "docker-image://a"}])
                ),
                "network": text,
                "provenance": st.one_of(boolean, text),
                "sbom": boolean,
                "pull": boolean,
                "target": text,
                "shm_size": size,
                "extra_hosts": hosts,
                "isolation": text,
                "privileged": boolean,
                "secrets": listed(grant(SECRETS), 2),
                "tags": texts,
                "ulimits": ulimits,
                "platforms": listed(st.sampled_from(["linux/amd64", "linux/arm64"])),
            },
            most=5,
        ),
    ),
    junk,
    60,
)  # fmt: skip
throttles = listed(some({"path": path, "rate": size}), 2)
env_file_name = mostly(
    st.sampled_from(["a.env", "b.env", "./a.env"]), st.sampled_from(["no.env", "${A}"])
)
