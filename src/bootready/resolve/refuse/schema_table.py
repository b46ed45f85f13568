"""What the Compose Specification says of every attribute, as a table.

Made by scripts/generate_schema.py; do not edit. Each row is one rule:
(types, attributes, patterns, closed, required, item rule, unique, choices, pattern, low, high,
needed: one of these must be there).
Types are letters: s string, i integer, n number, b boolean, 0 null, o mapping, a list.
Attributes and patterns are pairs of a name and the number of a rule. Rule 120 is the file.
"""

from __future__ import annotations

from bootready.typed import Any

ROOT = 120
# fmt: off
# One row is one rule, however long.
# ruff: noqa: E501
RULES: tuple[tuple[Any, ...], ...] = (  # rows are cut short; schema.Facts types them
    ("s",),  # 0
    ("sbo", (("name", 0),)),  # 1
    ("snb0",),  # 2
    ("oa", (), ((".+", 2),), True, (), 0, True),  # 3
    ("sinb0oa",),  # 4
    ("o", (("content", 0), ("environment", 0), ("external", 1), ("file", 0), ("labels", 3), ("name", 0), ("template_driver", 0)), (("^x-", 4),), True),  # 5
    ("o", (), (("^[a-zA-Z0-9._-]+$", 5),), True),  # 6
    ("sa", (), (), False, (), 0, True),  # 7
    ("so", (("env_file", 7), ("path", 7), ("project_directory", 0)), (), True),  # 8
    ("a", (), (), False, (), 8),  # 9
    ("si",),  # 10
    ("o", (("path", 0), ("rate", 10)), (), True),  # 11
    ("a", (), (), False, (), 11),  # 12
    ("o", (("path", 0), ("weight", 10)), (), True),  # 13
    ("a", (), (), False, (), 13),  # 14
    ("o", (("device_read_bps", 12), ("device_read_iops", 12), ("device_write_bps", 12), ("device_write_iops", 12), ("weight", 10), ("weight_device", 14)), (), True),  # 15
    ("a", (), (), False, (), 0),  # 16
    ("sa", (), (), False, (), 0),  # 17
    ("oa", (), ((".+", 17),), True, (), 0, True),  # 18
    ("sb",),  # 19
    ("sn",),  # 20
    ("so", (("gid", 0), ("mode", 20), ("source", 0), ("target", 0), ("uid", 0)), (("^x-", 4),), True),  # 21
    ("a", (), (), False, (), 21),  # 22
    ("sio", (("hard", 10), ("soft", 10)), (("^x-", 4),), True, ("soft", "hard")),  # 23
    ("o", (), (("^[a-z]+$", 23),)),  # 24
    ("so", (("additional_contexts", 3), ("args", 3), ("cache_from", 16), ("cache_to", 16), ("context", 0), ("dockerfile", 0), ("dockerfile_inline", 0), ("entitlements", 16), ("extra_hosts", 18), ("isolation", 0), ("labels", 3), ("network", 0), ("no_cache", 19), ("no_cache_filter", 7), ("platforms", 16), ("privileged", 19), ("provenance", 19), ("pull", 19), ("sbom", 19), ("secrets", 22), ("shm_size", 10), ("ssh", 3), ("tags", 16), ("target", 0), ("ulimits", 24)), (("^x-", 4),), True),  # 25
    ("a", (), (), False, (), 0, True),  # 26
    ("s", (), (), False, (), -1, False, ("host", "private")),  # 27
    ("s0a", (), (), False, (), 0),  # 28
    ("si", (), (), False, (), -1, False, (), "", 0),  # 29
    ("si", (), (), False, (), -1, False, (), "", 0, 100),  # 30
    ("o", (("config", 0), ("file", 0), ("registry", 0)), (("^x-", 4),), True),  # 31
    ("s", (), (), False, (), -1, False, ("service_started", "service_healthy", "service_completed_successfully")),  # 32
    ("b",),  # 33
    ("o", (("condition", 32), ("required", 33), ("restart", 19)), (("^x-", 4),), True, ("condition",)),  # 34
    ("oa", (), (("^[a-zA-Z0-9._-]+$", 34),), True, (), 0, True),  # 35
    ("so", (("permissions", 0), ("source", 0), ("target", 0)), (("^x-", 4),), True, ("source",)),  # 36
    ("a", (), (), False, (), 36),  # 37
    ("so", (("format", 0), ("path", 0), ("required", 19)), (), True, ("path",)),  # 38
    ("sa", (), (), False, (), 38),  # 39
    ("a", (), (), False, (), 20, True),  # 40
    ("o", (("capabilities", 26), ("count", 10), ("device_ids", 26), ("driver", 0), ("options", 3))),  # 41
    ("sa", (), (("^x-", 4),), False, (), 41, False, ("all",)),  # 42
    ("o", (("disable", 19), ("interval", 0), ("retries", 20), ("start_interval", 0), ("start_period", 0), ("test", 17), ("timeout", 0)), (("^x-", 4),), True),  # 43
    ("sn0",),  # 44
    ("o", (), (("^.+$", 44),)),  # 45
    ("o", (("driver", 0), ("options", 45)), (("^x-", 4),), True),  # 46
    ("0o", (("endpoint_var", 0), ("model_var", 0)), (("^x-", 4),), True),  # 47
    ("oa", (), (("^[a-zA-Z0-9._-]+$", 47),), False, (), 0, True),  # 48
    ("o", (), (("^.+$", 20),)),  # 49
    ("n",),  # 50
    ("0o", (("aliases", 26), ("driver_opts", 49), ("gw_priority", 50), ("interface_name", 0), ("ipv4_address", 0), ("ipv6_address", 0), ("link_local_ips", 26), ("mac_address", 0), ("priority", 50)), (("^x-", 4),), True),  # 51
    ("oa", (), (("^[a-zA-Z0-9._-]+$", 51),), True, (), 0, True),  # 52
    ("si", (), (), False, (), -1, False, (), "", -1000, 1000),  # 53
    ("s0",),  # 54
    ("sno", (("app_protocol", 0), ("host_ip", 0), ("mode", 0), ("name", 0), ("protocol", 0), ("published", 10), ("target", 10)), (("^x-", 4),), True),  # 55
    ("a", (), (), False, (), 55, True),  # 56
    ("s", (), (), False, (), -1, False, (), "^(always|never|build|if_not_present|missing|refresh|daily|weekly|every_([0-9]+[wdhms])+)$"),  # 57
    ("o",),  # 58
    ("s", (), (), False, (), -1, False, ("forbid", "queue")),  # 59
    ("s", (), (), False, (), -1, False, ("one", "skip")),  # 60
    ("so", (("concurrency", 59), ("cron", 0), ("missed_fires", 60), ("timezone", 0)), (("^x-", 4),), True, ("cron",)),  # 61
    ("a", (), (), False, (), 61),  # 62
    ("o", (("manual", 19), ("schedule", 62)), (("^x-", 4),), True, (), -1, False, (), "", None, None, ("manual", "schedule")),  # 63
    ("s", (), (), False, (), -1, False, ("enabled", "disabled", "writable", "readonly")),  # 64
    ("s", (), (), False, (), -1, False, ("z", "Z")),  # 65
    ("o", (("create_host_path", 19), ("propagation", 0), ("recursive", 64), ("selinux", 65)), (("^x-", 4),), True),  # 66
    ("o", (("subpath", 0),), (("^x-", 4),), True),  # 67
    ("o", (("mode", 20), ("size", 29)), (("^x-", 4),), True),  # 68
    ("s", (), (), False, (), -1, False, ("bind", "volume", "tmpfs", "cluster", "npipe", "image")),  # 69
    ("o", (("labels", 3), ("nocopy", 19), ("subpath", 0)), (("^x-", 4),), True),  # 70
    ("so", (("bind", 66), ("consistency", 0), ("image", 67), ("read_only", 19), ("source", 0), ("target", 0), ("tmpfs", 68), ("type", 69), ("volume", 70)), (("^x-", 4),), True, ("type",)),  # 71
    ("a", (), (), False, (), 71, True),  # 72
    ("o", (("annotations", 3), ("blkio_config", 15), ("build", 25), ("cap_add", 26), ("cap_drop", 26), ("cgroup", 27), ("cgroup_parent", 0), ("command", 28), ("configs", 22), ("cpu_count", 29), ("cpu_percent", 30), ("cpu_period", 20), ("cpu_quota", 20), ("cpu_rt_period", 20), ("cpu_rt_runtime", 20), ("cpu_shares", 20), ("cpus", 20), ("cpuset", 0), ("credential_spec", 31), ("depends_on", 35), ("device_cgroup_rules", 26), ("devices", 37), ("dns", 7), ("dns_opt", 26), ("dns_search", 7), ("domainname", 0), ("entrypoint", 28), ("env_file", 39), ("environment", 3), ("expose", 40), ("extra_hosts", 18), ("gpus", 42), ("group_add", 40), ("healthcheck", 43), ("hostname", 0), ("image", 0), ("init", 19), ("ipc", 0), ("isolation", 0), ("label_file", 17), ("labels", 3), ("logging", 46), ("mac_address", 0), ("mem_limit", 20), ("mem_reservation", 10), ("mem_swappiness", 10), ("memswap_limit", 20), ("models", 48), ("network_mode", 0), ("networks", 52), ("oom_kill_disable", 19), ("oom_score_adj", 53), ("pid", 54), ("pids_limit", 20), ("platform", 0), ("ports", 56), ("privileged", 19), ("profiles", 26), ("pull_policy", 57), ("pull_refresh_after", 0), ("read_only", 19), ("runtime", 0), ("secrets", 22), ("security_opt", 26), ("shm_size", 20), ("stdin_open", 19), ("stop_grace_period", 0), ("stop_signal", 0), ("storage_opt", 58), ("sysctls", 3), ("tmpfs", 7), ("triggers", 63), ("tty", 19), ("ulimits", 24), ("use_api_socket", 33), ("user", 0), ("userns_mode", 0), ("uts", 0), ("volumes", 72), ("volumes_from", 26), ("working_dir", 0)), (("^x-", 4),), True, ("triggers",)),  # 73
    ("o", (), (("^[a-zA-Z0-9._-]+$", 73),), True),  # 74
    ("i",),  # 75
    ("o", (("context_size", 75), ("model", 0), ("name", 0), ("runtime_flags", 16)), (("^x-", 4),), True, ("model",)),  # 76
    ("o", (), (("^[a-zA-Z0-9._-]+$", 76),), True),  # 77
    ("sbo", (("name", 0),), (("^x-", 4),), True),  # 78
    ("o", (), (("^.+$", 0),), True),  # 79
    ("o", (("aux_addresses", 79), ("gateway", 0), ("ip_range", 0), ("subnet", 0)), (("^x-", 4),), True),  # 80
    ("a", (), (), False, (), 80),  # 81
    ("o", (("config", 81), ("driver", 0), ("options", 79)), (("^x-", 4),), True),  # 82
    ("0o", (("attachable", 19), ("driver", 0), ("driver_opts", 49), ("enable_ipv4", 19), ("enable_ipv6", 19), ("external", 78), ("internal", 19), ("ipam", 82), ("labels", 3), ("name", 0)), (("^x-", 4),), True),  # 83
    ("o", (), (("^[a-zA-Z0-9._-]+$", 83),), True),  # 84
    ("o", (("driver", 0), ("driver_opts", 49), ("environment", 0), ("external", 1), ("file", 0), ("labels", 3), ("name", 0), ("template_driver", 0)), (("^x-", 4),), True),  # 85
    ("o", (), (("^[a-zA-Z0-9._-]+$", 85),), True),  # 86
    ("s", (), (), False, (), -1, False, (), "[a-zA-Z0-9][a-zA-Z0-9_.-]+"),  # 87
    ("o", (("spread", 0),), (("^x-", 4),), True),  # 88
    ("a", (), (), False, (), 88),  # 89
    ("o", (("constraints", 16), ("max_replicas_per_node", 10), ("preferences", 89)), (("^x-", 4),), True),  # 90
    ("o", (("cpus", 20), ("memory", 0), ("pids", 10)), (("^x-", 4),), True),  # 91
    ("o", (("capabilities", 26), ("count", 10), ("device_ids", 26), ("driver", 0), ("options", 3)), (("^x-", 4),), True, ("capabilities",)),  # 92
    ("a", (), (), False, (), 92),  # 93
    ("o", (("kind", 0), ("value", 20)), (("^x-", 4),), True),  # 94
    ("o", (("discrete_resource_spec", 94),), (("^x-", 4),), True),  # 95
    ("a", (), (), False, (), 95),  # 96
    ("o", (("cpus", 20), ("devices", 93), ("generic_resources", 96), ("memory", 0)), (("^x-", 4),), True),  # 97
    ("o", (("limits", 91), ("reservations", 97)), (("^x-", 4),), True),  # 98
    ("o", (("condition", 0), ("delay", 0), ("max_attempts", 10), ("window", 0)), (("^x-", 4),), True),  # 99
    ("s", (), (), False, (), -1, False, ("start-first", "stop-first")),  # 100
    ("o", (("delay", 0), ("failure_action", 0), ("max_failure_ratio", 20), ("monitor", 0), ("order", 100), ("parallelism", 10)), (("^x-", 4),), True),  # 101
    ("0o", (("endpoint_mode", 0), ("labels", 3), ("mode", 0), ("placement", 90), ("replicas", 10), ("resources", 98), ("restart_policy", 99), ("rollback_config", 101), ("update_config", 101)), (("^x-", 4),), True),  # 102
    ("s", (), (), False, (), -1, False, ("rebuild", "sync", "restart", "sync+restart", "sync+exec")),  # 103
    ("o", (("command", 28), ("environment", 3), ("privileged", 19), ("user", 0), ("working_dir", 0)), (("^x-", 4),), True, ("command",)),  # 104
    ("o", (("action", 103), ("exec", 104), ("ignore", 7), ("include", 7), ("initial_sync", 33), ("path", 0), ("target", 0)), (("^x-", 4),), True, ("path", "action")),  # 105
    ("a", (), (), False, (), 105),  # 106
    ("0o", (("watch", 106),), (("^x-", 4),), True),  # 107
    ("so", (("file", 0), ("service", 0)), (), True, ("service",)),  # 108
    ("a", (), (), False, (), 104),  # 109
    ("o", (("annotations", 3), ("blkio_config", 15), ("cap_add", 26), ("cap_drop", 26), ("cgroup", 27), ("cgroup_parent", 0), ("command", 28), ("configs", 22), ("cpu_count", 29), ("cpu_percent", 30), ("cpu_period", 20), ("cpu_quota", 20), ("cpu_rt_period", 20), ("cpu_rt_runtime", 20), ("cpu_shares", 20), ("cpus", 20), ("cpuset", 0), ("credential_spec", 31), ("device_cgroup_rules", 26), ("devices", 37), ("dns", 7), ("dns_opt", 26), ("dns_search", 7), ("domainname", 0), ("entrypoint", 28), ("env_file", 39), ("environment", 3), ("extra_hosts", 18), ("gpus", 42), ("group_add", 40), ("hostname", 0), ("image", 0), ("init", 19), ("ipc", 0), ("isolation", 0), ("label_file", 17), ("labels", 3), ("logging", 46), ("mac_address", 0), ("mem_limit", 20), ("mem_reservation", 10), ("mem_swappiness", 10), ("memswap_limit", 20), ("models", 48), ("network_mode", 0), ("networks", 52), ("oom_kill_disable", 19), ("oom_score_adj", 53), ("per_replica", 19), ("pid", 54), ("pids_limit", 20), ("platform", 0), ("privileged", 19), ("pull_policy", 57), ("pull_refresh_after", 0), ("read_only", 19), ("runtime", 0), ("secrets", 22), ("security_opt", 26), ("shm_size", 20), ("stop_grace_period", 0), ("stop_signal", 0), ("storage_opt", 58), ("sysctls", 3), ("tmpfs", 7), ("ulimits", 24), ("use_api_socket", 33), ("user", 0), ("userns_mode", 0), ("uts", 0), ("volumes", 72), ("volumes_from", 26), ("working_dir", 0)), (("^x-", 4),), True),  # 110
    ("a", (), (), False, (), 110),  # 111
    ("snb",),  # 112
    ("snba", (), (), False, (), 112),  # 113
    ("o", (), (("^.+$", 113),)),  # 114
    ("o", (("options", 114), ("type", 0)), (("^x-", 4),), True, ("type",)),  # 115
    ("o", (("annotations", 3), ("attach", 19), ("blkio_config", 15), ("build", 25), ("cap_add", 26), ("cap_drop", 26), ("cgroup", 27), ("cgroup_parent", 0), ("command", 28), ("configs", 22), ("container_name", 87), ("cpu_count", 29), ("cpu_percent", 30), ("cpu_period", 20), ("cpu_quota", 20), ("cpu_rt_period", 20), ("cpu_rt_runtime", 20), ("cpu_shares", 20), ("cpus", 20), ("cpuset", 0), ("credential_spec", 31), ("depends_on", 35), ("deploy", 102), ("develop", 107), ("device_cgroup_rules", 26), ("devices", 37), ("dns", 7), ("dns_opt", 26), ("dns_search", 7), ("domainname", 0), ("entrypoint", 28), ("env_file", 39), ("environment", 3), ("expose", 40), ("extends", 108), ("external_links", 26), ("extra_hosts", 18), ("gpus", 42), ("group_add", 40), ("healthcheck", 43), ("hostname", 0), ("image", 0), ("init", 19), ("ipc", 0), ("isolation", 0), ("label_file", 17), ("labels", 3), ("links", 26), ("logging", 46), ("mac_address", 0), ("mem_limit", 20), ("mem_reservation", 10), ("mem_swappiness", 10), ("memswap_limit", 20), ("models", 48), ("network_mode", 0), ("networks", 52), ("oom_kill_disable", 19), ("oom_score_adj", 53), ("pid", 54), ("pids_limit", 20), ("platform", 0), ("ports", 56), ("post_start", 109), ("pre_start", 111), ("pre_stop", 109), ("privileged", 19), ("profiles", 26), ("provider", 115), ("pull_policy", 57), ("pull_refresh_after", 0), ("read_only", 19), ("restart", 0), ("runtime", 0), ("scale", 10), ("secrets", 22), ("security_opt", 26), ("shm_size", 20), ("stdin_open", 19), ("stop_grace_period", 0), ("stop_signal", 0), ("storage_opt", 58), ("sysctls", 3), ("tmpfs", 7), ("tty", 19), ("ulimits", 24), ("use_api_socket", 33), ("user", 0), ("userns_mode", 0), ("uts", 0), ("volumes", 72), ("volumes_from", 26), ("working_dir", 0)), (("^x-", 4),), True),  # 116
    ("o", (), (("^[a-zA-Z0-9._-]+$", 116),), True),  # 117
    ("0o", (("driver", 0), ("driver_opts", 49), ("external", 78), ("labels", 3), ("name", 0)), (("^x-", 4),), True),  # 118
    ("o", (), (("^[a-zA-Z0-9._-]+$", 118),), True),  # 119
    ("o", (("configs", 6), ("include", 9), ("jobs", 74), ("models", 77), ("name", 0), ("networks", 84), ("secrets", 86), ("services", 117), ("version", 0), ("volumes", 119)), (("^x-", 4),), True),  # 120
)
# fmt: on
