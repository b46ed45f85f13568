"""What the Compose Specification says of every attribute, as a table.

Made by scripts/generate_schema.py; do not edit. Each row is one rule:
(types, attributes, patterns, closed, required, item rule, unique, choices, pattern, low, high).
Types are letters: s string, i integer, n number, b boolean, 0 null, o mapping, a list.
Attributes and patterns are pairs of a name and the number of a rule. Rule 113 is the file.
"""

from __future__ import annotations

from typing import Any

ROOT = 113
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
    ("i",),  # 10
    ("a", (), (), False, (), 0),  # 11
    ("o", (("context_size", 10), ("model", 0), ("name", 0), ("runtime_flags", 11)), (("^x-", 4),), True, ("model",)),  # 12
    ("o", (), (("^[a-zA-Z0-9._-]+$", 12),)),  # 13
    ("sb",),  # 14
    ("sn",),  # 15
    ("o", (), (("^.+$", 15),)),  # 16
    ("sbo", (("name", 0),), (("^x-", 4),), True),  # 17
    ("o", (), (("^.+$", 0),), True),  # 18
    ("o", (("aux_addresses", 18), ("gateway", 0), ("ip_range", 0), ("subnet", 0)), (("^x-", 4),), True),  # 19
    ("a", (), (), False, (), 19),  # 20
    ("o", (("config", 20), ("driver", 0), ("options", 18)), (("^x-", 4),), True),  # 21
    ("0o", (("attachable", 14), ("driver", 0), ("driver_opts", 16), ("enable_ipv4", 14), ("enable_ipv6", 14), ("external", 17), ("internal", 14), ("ipam", 21), ("labels", 3), ("name", 0)), (("^x-", 4),), True),  # 22
    ("o", (), (("^[a-zA-Z0-9._-]+$", 22),)),  # 23
    ("o", (("driver", 0), ("driver_opts", 16), ("environment", 0), ("external", 1), ("file", 0), ("labels", 3), ("name", 0), ("template_driver", 0)), (("^x-", 4),), True),  # 24
    ("o", (), (("^[a-zA-Z0-9._-]+$", 24),), True),  # 25
    ("si",),  # 26
    ("o", (("path", 0), ("rate", 26)), (), True),  # 27
    ("a", (), (), False, (), 27),  # 28
    ("o", (("path", 0), ("weight", 26)), (), True),  # 29
    ("a", (), (), False, (), 29),  # 30
    ("o", (("device_read_bps", 28), ("device_read_iops", 28), ("device_write_bps", 28), ("device_write_iops", 28), ("weight", 26), ("weight_device", 30)), (), True),  # 31
    ("sa", (), (), False, (), 0),  # 32
    ("oa", (), ((".+", 32),), True, (), 0, True),  # 33
    ("so", (("gid", 0), ("mode", 15), ("source", 0), ("target", 0), ("uid", 0)), (("^x-", 4),), True),  # 34
    ("a", (), (), False, (), 34),  # 35
    ("sio", (("hard", 26), ("soft", 26)), (("^x-", 4),), True, ("soft", "hard")),  # 36
    ("o", (), (("^[a-z]+$", 36),)),  # 37
    ("so", (("additional_contexts", 3), ("args", 3), ("cache_from", 11), ("cache_to", 11), ("context", 0), ("dockerfile", 0), ("dockerfile_inline", 0), ("entitlements", 11), ("extra_hosts", 33), ("isolation", 0), ("labels", 3), ("network", 0), ("no_cache", 14), ("no_cache_filter", 7), ("platforms", 11), ("privileged", 14), ("provenance", 14), ("pull", 14), ("sbom", 14), ("secrets", 35), ("shm_size", 26), ("ssh", 3), ("tags", 11), ("target", 0), ("ulimits", 37)), (("^x-", 4),), True),  # 38
    ("a", (), (), False, (), 0, True),  # 39
    ("s", (), (), False, (), -1, False, ("host", "private")),  # 40
    ("s0a", (), (), False, (), 0),  # 41
    ("s", (), (), False, (), -1, False, (), "[a-zA-Z0-9][a-zA-Z0-9_.-]+"),  # 42
    ("si", (), (), False, (), -1, False, (), "", 0),  # 43
    ("si", (), (), False, (), -1, False, (), "", 0, 100),  # 44
    ("o", (("config", 0), ("file", 0), ("registry", 0)), (("^x-", 4),), True),  # 45
    ("s", (), (), False, (), -1, False, ("service_started", "service_healthy", "service_completed_successfully")),  # 46
    ("b",),  # 47
    ("o", (("condition", 46), ("required", 47), ("restart", 14)), (("^x-", 4),), True, ("condition",)),  # 48
    ("oa", (), (("^[a-zA-Z0-9._-]+$", 48),), True, (), 0, True),  # 49
    ("o", (("spread", 0),), (("^x-", 4),), True),  # 50
    ("a", (), (), False, (), 50),  # 51
    ("o", (("constraints", 11), ("max_replicas_per_node", 26), ("preferences", 51)), (("^x-", 4),), True),  # 52
    ("o", (("cpus", 15), ("memory", 0), ("pids", 26)), (("^x-", 4),), True),  # 53
    ("o", (("capabilities", 39), ("count", 26), ("device_ids", 39), ("driver", 0), ("options", 3)), (("^x-", 4),), True, ("capabilities",)),  # 54
    ("a", (), (), False, (), 54),  # 55
    ("o", (("kind", 0), ("value", 15)), (("^x-", 4),), True),  # 56
    ("o", (("discrete_resource_spec", 56),), (("^x-", 4),), True),  # 57
    ("a", (), (), False, (), 57),  # 58
    ("o", (("cpus", 15), ("devices", 55), ("generic_resources", 58), ("memory", 0)), (("^x-", 4),), True),  # 59
    ("o", (("limits", 53), ("reservations", 59)), (("^x-", 4),), True),  # 60
    ("o", (("condition", 0), ("delay", 0), ("max_attempts", 26), ("window", 0)), (("^x-", 4),), True),  # 61
    ("s", (), (), False, (), -1, False, ("start-first", "stop-first")),  # 62
    ("o", (("delay", 0), ("failure_action", 0), ("max_failure_ratio", 15), ("monitor", 0), ("order", 62), ("parallelism", 26)), (("^x-", 4),), True),  # 63
    ("0o", (("endpoint_mode", 0), ("labels", 3), ("mode", 0), ("placement", 52), ("replicas", 26), ("resources", 60), ("restart_policy", 61), ("rollback_config", 63), ("update_config", 63)), (("^x-", 4),), True),  # 64
    ("s", (), (), False, (), -1, False, ("rebuild", "sync", "restart", "sync+restart", "sync+exec")),  # 65
    ("o", (("command", 41), ("environment", 3), ("privileged", 14), ("user", 0), ("working_dir", 0)), (("^x-", 4),), True, ("command",)),  # 66
    ("o", (("action", 65), ("exec", 66), ("ignore", 7), ("include", 7), ("initial_sync", 47), ("path", 0), ("target", 0)), (("^x-", 4),), True, ("path", "action")),  # 67
    ("a", (), (), False, (), 67),  # 68
    ("0o", (("watch", 68),), (("^x-", 4),), True),  # 69
    ("so", (("permissions", 0), ("source", 0), ("target", 0)), (("^x-", 4),), True, ("source",)),  # 70
    ("a", (), (), False, (), 70),  # 71
    ("so", (("format", 0), ("path", 0), ("required", 14)), (), True, ("path",)),  # 72
    ("sa", (), (), False, (), 72),  # 73
    ("a", (), (), False, (), 15, True),  # 74
    ("so", (("file", 0), ("service", 0)), (), True, ("service",)),  # 75
    ("o", (("capabilities", 39), ("count", 26), ("device_ids", 39), ("driver", 0), ("options", 3))),  # 76
    ("sa", (), (("^x-", 4),), False, (), 76, False, ("all",)),  # 77
    ("o", (("disable", 14), ("interval", 0), ("retries", 15), ("start_interval", 0), ("start_period", 0), ("test", 32), ("timeout", 0)), (("^x-", 4),), True),  # 78
    ("sn0",),  # 79
    ("o", (), (("^.+$", 79),)),  # 80
    ("o", (("driver", 0), ("options", 80)), (("^x-", 4),), True),  # 81
    ("0o", (("endpoint_var", 0), ("model_var", 0)), (("^x-", 4),), True),  # 82
    ("oa", (), (("^[a-zA-Z0-9._-]+$", 82),), False, (), 0, True),  # 83
    ("n",),  # 84
    ("0o", (("aliases", 39), ("driver_opts", 16), ("gw_priority", 84), ("interface_name", 0), ("ipv4_address", 0), ("ipv6_address", 0), ("link_local_ips", 39), ("mac_address", 0), ("priority", 84)), (("^x-", 4),), True),  # 85
    ("oa", (), (("^[a-zA-Z0-9._-]+$", 85),), True, (), 0, True),  # 86
    ("si", (), (), False, (), -1, False, (), "", -1000, 1000),  # 87
    ("s0",),  # 88
    ("sno", (("app_protocol", 0), ("host_ip", 0), ("mode", 0), ("name", 0), ("protocol", 0), ("published", 26), ("target", 26)), (("^x-", 4),), True),  # 89
    ("a", (), (), False, (), 89, True),  # 90
    ("a", (), (), False, (), 66),  # 91
    ("o", (("command", 41), ("environment", 3), ("image", 0), ("per_replica", 14), ("privileged", 14), ("user", 0), ("working_dir", 0)), (("^x-", 4),), True),  # 92
    ("a", (), (), False, (), 92),  # 93
    ("snb",),  # 94
    ("snba", (), (), False, (), 94),  # 95
    ("o", (), (("^.+$", 95),)),  # 96
    ("o", (("options", 96), ("type", 0)), (("^x-", 4),), True, ("type",)),  # 97
    ("s", (), (), False, (), -1, False, (), "always|never|build|if_not_present|missing|refresh|daily|weekly|every_([0-9]+[wdhms])+"),  # 98
    ("o",),  # 99
    ("s", (), (), False, (), -1, False, ("enabled", "disabled", "writable", "readonly")),  # 100
    ("s", (), (), False, (), -1, False, ("z", "Z")),  # 101
    ("o", (("create_host_path", 14), ("propagation", 0), ("recursive", 100), ("selinux", 101)), (("^x-", 4),), True),  # 102
    ("o", (("subpath", 0),), (("^x-", 4),), True),  # 103
    ("o", (("mode", 15), ("size", 43)), (("^x-", 4),), True),  # 104
    ("s", (), (), False, (), -1, False, ("bind", "volume", "tmpfs", "cluster", "npipe", "image")),  # 105
    ("o", (("labels", 3), ("nocopy", 14), ("subpath", 0)), (("^x-", 4),), True),  # 106
    ("so", (("bind", 102), ("consistency", 0), ("image", 103), ("read_only", 14), ("source", 0), ("target", 0), ("tmpfs", 104), ("type", 105), ("volume", 106)), (("^x-", 4),), True, ("type",)),  # 107
    ("a", (), (), False, (), 107, True),  # 108
    ("o", (("annotations", 3), ("attach", 14), ("blkio_config", 31), ("build", 38), ("cap_add", 39), ("cap_drop", 39), ("cgroup", 40), ("cgroup_parent", 0), ("command", 41), ("configs", 35), ("container_name", 42), ("cpu_count", 43), ("cpu_percent", 44), ("cpu_period", 15), ("cpu_quota", 15), ("cpu_rt_period", 15), ("cpu_rt_runtime", 15), ("cpu_shares", 15), ("cpus", 15), ("cpuset", 0), ("credential_spec", 45), ("depends_on", 49), ("deploy", 64), ("develop", 69), ("device_cgroup_rules", 39), ("devices", 71), ("dns", 7), ("dns_opt", 39), ("dns_search", 7), ("domainname", 0), ("entrypoint", 41), ("env_file", 73), ("environment", 3), ("expose", 74), ("extends", 75), ("external_links", 39), ("extra_hosts", 33), ("gpus", 77), ("group_add", 74), ("healthcheck", 78), ("hostname", 0), ("image", 0), ("init", 14), ("ipc", 0), ("isolation", 0), ("label_file", 32), ("labels", 3), ("links", 39), ("logging", 81), ("mac_address", 0), ("mem_limit", 15), ("mem_reservation", 26), ("mem_swappiness", 26), ("memswap_limit", 15), ("models", 83), ("network_mode", 0), ("networks", 86), ("oom_kill_disable", 14), ("oom_score_adj", 87), ("pid", 88), ("pids_limit", 15), ("platform", 0), ("ports", 90), ("post_start", 91), ("pre_start", 93), ("pre_stop", 91), ("privileged", 14), ("profiles", 39), ("provider", 97), ("pull_policy", 98), ("pull_refresh_after", 0), ("read_only", 14), ("restart", 0), ("runtime", 0), ("scale", 26), ("secrets", 35), ("security_opt", 39), ("shm_size", 15), ("stdin_open", 14), ("stop_grace_period", 0), ("stop_signal", 0), ("storage_opt", 99), ("sysctls", 3), ("tmpfs", 7), ("tty", 14), ("ulimits", 37), ("use_api_socket", 47), ("user", 0), ("userns_mode", 0), ("uts", 0), ("volumes", 108), ("volumes_from", 39), ("working_dir", 0)), (("^x-", 4),), True),  # 109
    ("o", (), (("^[a-zA-Z0-9._-]+$", 109),), True),  # 110
    ("0o", (("driver", 0), ("driver_opts", 16), ("external", 17), ("labels", 3), ("name", 0)), (("^x-", 4),), True),  # 111
    ("o", (), (("^[a-zA-Z0-9._-]+$", 111),), True),  # 112
    ("o", (("configs", 6), ("include", 9), ("models", 13), ("name", 0), ("networks", 23), ("secrets", 25), ("services", 110), ("version", 0), ("volumes", 112)), (("^x-", 4),), True),  # 113
)
# fmt: on
