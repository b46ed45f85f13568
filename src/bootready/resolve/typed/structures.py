"""The structures of the Compose model: their attributes in the order in which
``docker compose config`` prints them, and how each is decoded and printed.

It is the order of the fields of Compose's types, seen in the output of v5.6.1. Behind each
attribute stands the codec of its value, or the structure that it holds: ``:name`` one, ``:name[]``
a list, ``:name{}`` a mapping of the user's own names to it; ``!`` keeps it when it is empty.
"""

from bootready.resolve.typed import codecs, collection_codecs
from bootready.resolve.typed.codecs import Codec
from bootready.typed import NamedTuple

CODECS: dict[str, Codec] = {
    "string": codecs.string,
    "kept_string": codecs.kept_string,
    "boolean": codecs.boolean,
    "kept_boolean": codecs.kept_boolean,
    "only_false": codecs.only_false,
    "integer": codecs.whole(),
    "kept_integer": codecs.whole(keep=True),
    "unsigned": codecs.whole(unsigned=True),
    "kept_unsigned": codecs.whole(unsigned=True, keep=True),
    "unsigned16": codecs.whole(unsigned=True, bits=16),
    "unsigned16_kept": codecs.whole(unsigned=True, bits=16, keep=True),
    "unsigned32": codecs.whole(unsigned=True, bits=32),
    "single": codecs.single,
    "size": codecs.size,
    "kept_size": codecs.kept_size,
    "required": codecs.required,
    "duration": codecs.duration,
    "kept_duration": codecs.kept_duration,
    "file_mode": codecs.file_mode,
    "device_count": codecs.device_count,
    "nano_cpus": codecs.nano_cpus,
    "command": codecs.command,
    "health_test": codecs.health_test,
    "strings": collection_codecs.strings,
    "string_or_list": collection_codecs.string_or_list,
    "texts": collection_codecs.texts,
    "pairs": collection_codecs.pairs(),
    "environment": collection_codecs.pairs(null=True, spaces=False),
    "options": collection_codecs.options,
    "string_map": collection_codecs.string_map,
    "many_options": collection_codecs.many_options,
    "hosts": collection_codecs.hosts,
    "ssh_keys": collection_codecs.ssh_keys,
}

CONTAINER = """
annotations pairs / blkio_config :blkio! / cap_add strings / cap_drop strings
cgroup_parent string / cgroup string / cpu_count integer / cpu_percent single
cpu_period integer / cpu_quota integer / cpu_rt_period integer / cpu_rt_runtime integer
cpus single / cpuset string / cpu_shares integer / command command / configs :grant[]
credential_spec :credentials! / device_cgroup_rules strings / devices :device[]
dns string_or_list / dns_opt strings / dns_search string_or_list / domainname string
entrypoint command / environment environment / env_file :env_file[] / extra_hosts hosts
group_add strings / gpus :device_request[] / hostname string / image string
init kept_boolean / ipc string / isolation string / labels pairs / label_file strings
logging :logging! / mem_limit size / mem_reservation size / memswap_limit size
mem_swappiness size / mac_address string / models :service_model{} / network_mode string
networks :attachment{}
oom_kill_disable boolean / oom_score_adj integer / pid string / pids_limit integer
platform string / privileged boolean / pull_policy string / pull_refresh_after string
read_only boolean
runtime string / secrets :grant[] / security_opt strings / shm_size size
stop_grace_period kept_duration / stop_signal string / storage_opt string_map
sysctls pairs / tmpfs string_or_list / ulimits :ulimit{} / use_api_socket boolean
user string / userns_mode string / uts string
"""
"""What a container has, be it of a service or of a `pre_start` hook."""

_TABLE: dict[str, str] = {
    "project": """
        name string / services :service{} / jobs :job{} / networks :network{} / volumes :volume{}
        secrets :file{} / configs :file{} / models :model{}""",
    "service": f"""
        profiles strings / deploy :deploy! / develop :develop! / restart string
        scale kept_integer / attach kept_boolean / container_name string / extends :extends!
        external_links strings / links strings / pre_start :hook[] / post_start :action[]
        pre_stop :action[] / provider :provider! {CONTAINER} / volumes :mount[]
        volumes_from strings / working_dir string / build :build! / depends_on :dependency{{}}
        expose texts / healthcheck :healthcheck! / ports :port[] / stdin_open boolean
        tty boolean""",
    "job": f"""
        profiles strings / triggers :triggers! {CONTAINER} / volumes :mount[]
        volumes_from strings / working_dir string / build :build! / depends_on :dependency{{}}
        expose texts / healthcheck :healthcheck! / ports :port[] / stdin_open boolean
        tty boolean""",
    "triggers": "manual kept_boolean / schedule :schedule[]",
    "schedule": "cron string / timezone string / concurrency string / missed_fires string",
    "hook": f"""{CONTAINER} / volumes :mount[] / volumes_from strings / working_dir string
        per_replica boolean""",
    "action": """
        command command / image string / user string / privileged boolean
        working_dir string / environment environment / per_replica boolean""",
    "extends": "file string / service string",
    "build": """
        context string / dockerfile string / dockerfile_inline string / entitlements strings
        args environment / provenance string / sbom string / ssh ssh_keys / labels pairs
        cache_from string_or_list / cache_to string_or_list / no_cache boolean
        no_cache_filter string_or_list / additional_contexts pairs / pull boolean
        extra_hosts hosts / isolation string / network string / target string
        secrets :grant[] / shm_size size / tags string_or_list / ulimits :ulimit{}
        platforms string_or_list / privileged boolean""",
    "develop": "watch :watch[]",
    "watch": """
        path kept_string / action kept_string / target string / exec :action / include strings
        ignore strings / initial_sync boolean""",
    "blkio": """
        weight unsigned16 / weight_device :weight[] / device_read_bps :rate[]
        device_read_iops :rate[] / device_write_bps :rate[] / device_write_iops :rate[]""",
    "weight": "path kept_string / weight unsigned16_kept",
    "rate": "path kept_string / rate kept_size",
    "grant": "source string / target string / uid string / gid string / mode file_mode",
    "credentials": "config string / file string / registry string",
    "device": "source string / target string / permissions string",
    "env_file": "path string / required only_false / format string",
    "device_request": """
        capabilities strings / driver string / count device_count / device_ids strings
        options pairs""",
    "logging": "driver string / options options",
    "service_model": "endpoint_var string / model_var string",
    "attachment": """
        aliases strings / driver_opts options / gw_priority integer / interface_name string
        ipv4_address string / ipv6_address string / link_local_ips strings
        mac_address string / priority integer""",
    "ulimit": "soft integer / hard integer",
    "provider": "type string / options many_options",
    "mount": """
        type string / source string / target string / read_only boolean / consistency string
        bind :bind! / volume :volume_options! / tmpfs :tmpfs! / image :image!""",
    "bind": """
        selinux string / propagation string / create_host_path only_false
        recursive string""",
    "volume_options": "labels pairs / nocopy boolean / subpath string",
    "tmpfs": "size size / mode unsigned32",
    "image": "subpath string",
    "dependency": "condition string / restart boolean / required required",
    "healthcheck": """
        test health_test / timeout kept_duration / interval kept_duration
        retries kept_unsigned / start_period kept_duration / start_interval kept_duration
        disable boolean""",
    "port": """
        name string / mode string / host_ip string / target unsigned32 / published string
        protocol string / app_protocol string""",
    "deploy": """
        mode string / replicas kept_integer / labels pairs / update_config :rollout!
        rollback_config :rollout! / resources :resources / restart_policy :restart!
        placement :placement / endpoint_mode string""",
    "rollout": """
        parallelism kept_unsigned / delay duration / failure_action string
        monitor duration / max_failure_ratio single / order string""",
    "resources": "limits :resource! / reservations :resource!",
    "resource": """
        cpus nano_cpus / memory size / pids integer / devices :device_request[]
        generic_resources :generic[]""",
    "generic": "discrete_resource_spec :discrete!",
    "discrete": "kind kept_string / value kept_integer",
    "restart": """
        condition string / delay kept_duration / max_attempts kept_unsigned
        window kept_duration""",
    "placement": """
        constraints strings / preferences :preference[] / max_replicas_per_node unsigned""",
    "preference": "spread string",
    "network": """
        name string / driver string / driver_opts options / ipam :ipam / external boolean
        internal boolean / attachable boolean / labels pairs / enable_ipv4 kept_boolean
        enable_ipv6 kept_boolean""",
    "ipam": "driver string / config :pool[] / options options",
    "pool": "subnet string / gateway string / ip_range string / aux_addresses pairs",
    "volume": """
        name string / driver string / driver_opts options / external boolean / labels pairs""",
    "file": """
        name string / file string / environment string / content string / external boolean
        labels pairs / driver string / driver_opts string_map / template_driver string""",
    "model": """
        name string / model string / context_size integer / runtime_flags strings""",
}


class Field(NamedTuple):
    """An attribute: its `codec`, or the structure `inner` that it holds, `shape` many times.

    `shape` is ``one``, ``list`` or ``map``; a `kept` structure is printed when it is empty.
    """

    codec: Codec | None = None
    inner: str = ""
    shape: str = "one"
    kept: bool = False
    is_text: bool = False
    """Whether a string that is not empty is printed as it is."""


def _fields(text: str) -> dict[str, Field]:
    made: dict[str, Field] = {}
    words = text.replace("/", " ").split()
    for name, what in zip(words[::2], words[1::2], strict=True):
        if what[0] != ":":
            made[name] = Field(CODECS[what], is_text=what in {"string", "kept_string"})
            continue
        kept = what.endswith("!")
        inner = what[1:].rstrip("!")
        shape = {"[]": "list", "{}": "map"}.get(inner[-2:], "one")
        made[name] = Field(None, inner.rstrip("[]{}"), shape, kept)
    return made


class _Structures(dict[str, dict[str, Field]]):
    """The table, each row read when it is first asked for: a project uses a few of them."""

    def __missing__(self, name: str) -> dict[str, Field]:
        made = self[name] = _fields(_TABLE[name])
        return made


STRUCTURES = _Structures()


def inherited_by_hooks() -> frozenset[str]:
    """Return the attributes of a service that its `pre_start` hooks take over."""
    return frozenset(STRUCTURES["hook"]) - {"volumes", "per_replica"}
