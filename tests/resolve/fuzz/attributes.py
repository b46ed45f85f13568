"""Strategies for every attribute of a service."""

# One alternative is one line, however long.
# ruff: noqa: E501
from __future__ import annotations

from hypothesis import strategies as st

from resolve.fuzz.emit import Raw
from resolve.fuzz.parts import (
    CONFIGS,
    MODELS,
    NETWORKS,
    SECRETS,
    SERVICES,
    build,
    deploy,
    device_request,
    env_file_name,
    grant,
    hook,
    hosts,
    mount,
    named,
    path,
    port,
    pre_start,
    some,
    throttles,
    ulimits,
)
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
    word,
    words,
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
