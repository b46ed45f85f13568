"""Strategies for every attribute of a service and of the other top-level elements."""

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
    plain_word,
    size,
    template,
    text,
    texts,
    word,
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
SERVICE = {
    "annotations": pairs,
    "attach": boolean,
    "blkio_config": some(
        {
            "weight": integer,
            "weight_device": listed(some({"path": path, "weight": integer}), 2),
            "device_read_bps": throttles,
            "device_write_iops": throttles,
        }
    ),
    "build": build,
    "cap_add": texts,
    "cap_drop": texts,
    "cgroup": mostly(st.sampled_from(["host", "private"]), text, 20),
    "cgroup_parent": text,
    "command": command,
    "configs": listed(grant(CONFIGS), 2),
    "container_name": mostly(st.sampled_from(["c1", "c2", "c_3"]), text, 20),
    "cpu_count": integer,
    "cpu_percent": mostly(st.sampled_from([10, "50", 100, "2.5"]), number),
    "cpu_period": integer,
    "cpu_quota": integer,
    "cpu_rt_period": integer,
    "cpu_rt_runtime": integer,
    "cpu_shares": integer,
    "cpus": number,
    "cpuset": text,
    "credential_spec": some({"file": path, "config": text, "registry": text}),
    "depends_on": mostly(
        st.one_of(
            listed(named(SERVICES), 2),
            st.dictionaries(
                named(SERVICES),
                some(
                    {
                        "condition": mostly(
                            st.sampled_from(
                                ["service_started", "service_healthy", "service_completed_successfully"]
                            ),
                            text,
                        ),
                        "required": st.booleans(),
                        "restart": boolean,
                    },
                    "condition",
                ),
                max_size=2,
            ),
        ),
        junk,
    ),
    "deploy": deploy,
    "develop": some(
        {
            "watch": listed(
                some(
                    {
                        "path": path,
                        "action": mostly(
                            st.sampled_from(["rebuild", "sync", "restart", "sync+restart", "sync+exec"]), text
                        ),
                        "target": st.sampled_from(["/x", "/y/"]),
                        "ignore": words,
                        "include": words,
                        "initial_sync": st.booleans(),
                        "exec": hook,
                    },
                    "path",
                    "action",
                    "target",
                ),
                2,
            )
        }
    ),
    "device_cgroup_rules": texts,
    "devices": listed(
        st.one_of(
            mostly(st.sampled_from(["/dev/a", "/dev/a:/dev/b", "/dev/a:/dev/b:r", "v=c"]), word, 20),
            some({"source": path, "target": path, "permissions": text}, "source", "target"),
        ),
        2,
    ),
    "dns": words,
    "dns_opt": texts,
    "dns_search": words,
    "domainname": text,
    "entrypoint": command,
    "env_file": mostly(
        st.one_of(
            env_file_name,
            listed(
                st.one_of(
                    env_file_name,
                    some(
                        {
                            "path": env_file_name,
                            "required": boolean,
                            "format": st.sampled_from(["raw", "raw", "x"]),
                        },
                        "path",
                        most=1,
                    ),
                ),
                2,
            ),
        ),
        junk,
    ),
    "environment": pairs,
    "expose": listed(mostly(st.sampled_from(["80", 80, "80/tcp", "90-91", "${NUM}"]), junk)),
    "external_links": texts,
    "extra_hosts": hosts,
    "gpus": mostly(st.one_of(st.just("all"), listed(device_request, 2)), junk, 20),
    "group_add": listed(st.one_of(text, st.integers(0, 9))),
    "healthcheck": some(
        {
            "test": mostly(
                st.one_of(
                    st.sampled_from([["CMD", "a"], ["CMD-SHELL", "b $$x"], ["NONE"], "a b", "", []]),
                    command,
                ),
                junk,
            ),
            "interval": duration,
            "timeout": duration,
            "retries": integer,
            "start_period": duration,
            "start_interval": duration,
            "disable": boolean,
        }
    ),
    "hostname": text,
    "init": boolean,
    "ipc": mostly(text, st.sampled_from(["host", "service:db", "service:nope", "container:x"]), 3),
    "isolation": text,
    "label_file": mostly(st.one_of(env_file_name, listed(env_file_name, 2)), junk),
    "labels": pairs,
    "links": listed(st.sampled_from(["db", "db:alias", "web", "app:x"])),
    "logging": some(
        {
            "driver": st.sampled_from(["json-file", "none"]),
            "options": st.dictionaries(
                st.sampled_from(["max-size", "tag", "x-k"]), st.one_of(text, number, st.none()), max_size=2
            ),
        }
    ),
    "mac_address": text,
    "mem_limit": size,
    "mem_reservation": size,
    "mem_swappiness": integer,
    "memswap_limit": size,
    "models": mostly(
        st.one_of(
            st.just(MODELS),
            st.fixed_dictionaries({"llm": st.one_of(st.none(), some({"endpoint_var": text, "model_var": text}))}),
        ),
        st.sampled_from([["nope"], {"nope": None}, "llm"]),
        20,
    ),
    "network_mode": mostly(
        st.sampled_from(["host", "none", "bridge", "service:db", "container:x"]),
        st.one_of(text, st.just("service:nope")),
        20,
    ),
    "networks": mostly(
        st.one_of(
            listed(named(NETWORKS), 2),
            st.dictionaries(
                named(NETWORKS),
                st.one_of(
                    st.none(),
                    some(
                        {
                            "aliases": texts,
                            "interface_name": text,
                            "ipv4_address": st.sampled_from(["10.0.0.5", "x"]),
                            "ipv6_address": text,
                            "link_local_ips": texts,
                            "mac_address": text,
                            "driver_opts": st.dictionaries(st.just("o"), st.one_of(text, number), max_size=1),
                            "priority": mostly(st.sampled_from([1, 2, 1.5, -1]), junk),
                            "gw_priority": mostly(st.sampled_from([1, 2]), junk),
                        }
                    ),
                ),
                max_size=2,
            ),
        ),
        junk,
    ),
    "oom_kill_disable": boolean,
    "oom_score_adj": mostly(st.sampled_from([-1000, 0, 5, "7"]), integer, 10),
    "pid": mostly(st.sampled_from(["host", "service:db"]), st.one_of(text, st.none()), 10),
    "pids_limit": integer,
    "platform": st.sampled_from(["linux/amd64", "linux/arm64", "x"]),
    "ports": mostly(listed(port), junk, 60),
    "post_start": listed(hook, 2),
    "pre_start": listed(pre_start, 2),
    "pre_stop": listed(hook, 2),
    "privileged": boolean,
    "profiles": mostly(listed(st.sampled_from(["p1", "p2", "debug"])), junk),
    "provider": some(
        {
            "type": text,
            "options": st.dictionaries(
                st.sampled_from(["o", "p"]), st.one_of(text, boolean, number, texts), max_size=2
            ),
        },
        "type",
    ),
    "pull_policy": mostly(
        st.sampled_from(["always", "never", "missing", "if_not_present", "build", "daily", "weekly", "every_12h"]),
        text,
        20,
    ),
    "read_only": boolean,
    "restart": mostly(st.sampled_from(["always", "no", "on-failure:3", "unless-stopped", Raw("no")]), text, 20),
    "runtime": text,
    "scale": mostly(st.sampled_from([0, 1, 2, "1", "${NUM}"]), integer),
    "secrets": listed(grant(SECRETS), 2),
    "security_opt": texts,
    "shm_size": size,
    "stdin_open": boolean,
    "stop_grace_period": duration,
    "stop_signal": text,
    "storage_opt": st.dictionaries(st.just("size"), st.one_of(text, st.integers(0, 3)), max_size=1),
    "sysctls": pairs,
    "tmpfs": mostly(
        st.one_of(st.sampled_from(["/t", "/t:size=1m"]), listed(st.sampled_from(["/t", "/u:mode=1", "/a"]))), text, 20
    ),
    "tty": boolean,
    "ulimits": ulimits,
    "use_api_socket": st.just(False),
    "user": mostly(st.sampled_from(["1000", "1000:1000", "root", "${A}"]), junk, 20),
    "userns_mode": text,
    "uts": text,
    "volumes": mostly(listed(mount), junk, 60),
    "volumes_from": listed(st.sampled_from(["db", "db:ro", "container:x", "nope"])),
    "working_dir": text,
    "x-ext": junk,
}  # fmt: skip
external = mostly(st.booleans(), st.one_of(boolean, st.just({"name": "ext"}), junk), 6)
options = st.dictionaries(
    st.sampled_from(["o", "device", "type"]), st.one_of(text, number), max_size=2
)
NETWORK = {
    "name": mostly(st.sampled_from(["n1", "${A}_net"]), text),
    "driver": text,
    "driver_opts": options,
    "ipam": some(
        {
            "driver": text,
            "config": listed(
                some(
                    {
                        "subnet": st.sampled_from(["10.0.0.0/24", "10.1.0.0/16"]),
                        "gateway": text,
                        "ip_range": text,
                        "aux_addresses": st.dictionaries(st.just("h"), text, max_size=1),
                    }
                ),
                2,
            ),
            "options": st.dictionaries(st.just("o"), text, max_size=1),
        }
    ),
    "external": external,
    "internal": boolean,
    "attachable": boolean,
    "enable_ipv4": boolean,
    "enable_ipv6": boolean,
    "labels": pairs,
}
VOLUME = {
    "name": mostly(st.sampled_from(["v1", "${A}_vol"]), text),
    "driver": text,
    "driver_opts": mostly(options, st.just({"type": "none", "o": "bind", "device": "./d"}), 3),
    "external": external,
    "labels": pairs,
}
SECRET = {
    "file": path,
    "environment": st.sampled_from(["A", "UNSET", "EMPTY"]),
    "external": external,
    "name": text,
    "labels": pairs,
    "driver": text,
    "driver_opts": options,
    "template_driver": text,
}
CONFIG = {
    "file": path,
    "environment": st.sampled_from(["A", "UNSET"]),
    "content": st.one_of(text, template),
    "external": external,
    "name": text,
    "labels": pairs,
    "template_driver": text,
}
MODEL = {"model": text, "context_size": integer, "runtime_flags": texts, "name": text}
image = mostly(st.sampled_from(["busybox", "a/b:1", "r.io/x@sha256:" + "0" * 64, "${A}:1"]), text)
PLAIN = plain_word
