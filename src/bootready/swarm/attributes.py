"""Every attribute of a Compose service -> what becomes of it in a stack file.

The file is of version 3.9, the newest that the client of Docker 20.10 reads and the oldest that has
`pids` (docker/cli, cli/compose/schema/data). Its loader refuses attributes that the schema does not
have, and drops others with a warning that names no service (cli/compose/types) or without a word.
What arrives was seen by asking engine 20.10 for the services that it made.
"""

from __future__ import annotations

from bootready.knowledge.word_sets import words_in
from bootready.model.node import Plain

KEPT = words_in(
    """
    cap_add cap_drop command credential_spec dns dns_search entrypoint hostname image init
    isolation labels logging read_only stdin_open stop_grace_period stop_signal sysctls tty
    ulimits user working_dir
    """
)
"""What the stack file has under the same name, with the same value."""

CONVERTED = words_in(
    """
    build configs container_name cpu_period cpu_quota cpus depends_on deploy environment
    extra_hosts group_add healthcheck links mem_limit mem_reservation network_mode networks
    pids_limit platform ports provider restart scale secrets shm_size tmpfs volumes volumes_from
    """
)
"""What has a function of its own that says it in other words, as far as it can be said."""

RESOLVED = words_in("env_file extends label_file profiles")
"""What is gone once the project is resolved: its content stands where it belongs."""

WITHOUT_EFFECT = {
    "attach": "it is about the terminal of `docker compose up`",
    "develop": "it is about `docker compose watch`",
    "expose": "services of one network reach every port of each other",
}
"""What changes nothing about a running service, and why."""

LOST = {
    "annotations": "the runtime gets no annotations",
    "blkio_config": "reads and writes are not limited",
    "cgroup": "the container gets a cgroup namespace as the node's engine chooses",
    "cgroup_parent": "the container is in the cgroup that the node's engine chooses",
    "cpu_count": "the processors are not limited",
    "cpu_percent": "the processor time is not limited",
    "cpu_rt_period": "the container gets no real-time scheduling",
    "cpu_rt_runtime": "the container gets no real-time scheduling",
    "cpu_shares": "all services have the same share of the processors",
    "cpuset": "the container runs on every processor of its node",
    "device_cgroup_rules": "the container may not use these devices",
    "devices": "the container does not have these devices",
    "dns_opt": "the resolver has its default options",
    "domainname": "the container has no domain name",
    "external_links": "containers outside the stack are not reachable by these names",
    "ipc": "the container has an IPC namespace of its own",
    "gpus": "the container has no GPU, unless it is the default of its node's runtime",
    "mac_address": "the container gets an address of the network's choice",
    "mem_swappiness": "the node's own setting is used",
    "memswap_limit": "the swap is not limited",
    "models": "the service gets neither the models nor their addresses",
    "oom_kill_disable": "the container is killed when memory runs out",
    "oom_score_adj": "the container is as likely to be killed as any other",
    "pid": "the container sees its own processes only",
    "post_start": "nothing is run after a start",
    "pre_start": "nothing is run before a start",
    "pre_stop": "nothing is run before a stop",
    "privileged": "the container has ordinary capabilities and no devices",
    "pull_policy": "the node asks the registry at each start, and uses its own image without one",
    "pull_refresh_after": "the node asks the registry at each start",
    "runtime": "the default runtime of the node is used",
    "security_opt": "the container has the default profiles, and may gain new privileges",
    "storage_opt": "the container's own file system is not limited",
    "use_api_socket": "the container cannot ask the engine",
    "userns_mode": "the container is in the user namespace that the node's engine chooses",
    "uts": "the container has a host name of its own",
}
"""What no stack file can say, and what is different without it."""

EMPTY: tuple[Plain, ...] = (None, False, "", [], {})
"""Values of an attribute that say nothing."""
