"""Other spellings of a fault are found as well, and their nearest neighbours that boot are not."""

from __future__ import annotations

import pytest

from bootready import pipeline
from bootready.check.api import Context
from bootready.check.run import Evidence
from bootready.engine.recorded import RecordedEngine
from bootready.host.local import LocalHost
from bootready.model.finding import Needs
from bootready.model.request import Request

ENGINE = {"images": {"x": {"paths": ["/bin/sh", "/usr/bin/env"]}}}
SCRIPT = "services: {a: {image: x, command: %s, volumes: ['./run:/run']}}"

CASES = [
    pytest.param(
        "services: {a: {image: x, ports: ['0.0.0.0:53:53', '[::]:53:53']}}",
        "published-port-duplicate",
        "",
        id="the wildcards of IPv4 and IPv6 do not meet",
    ),
    pytest.param(
        "services: {a: {image: x, ports: ['53:53', '[::]:53:54']}}",
        "published-port-duplicate",
        "error service 'a': 53/tcp is published twice",
        id="no address means both",
    ),
    pytest.param(
        "services: {a: {image: x, healthcheck: {test: x, interval: '${NO:?write one}'}}}",
        "compose-refuses",
        "",
        id="what a required variable leaves behind is no second finding",
    ),
    pytest.param(
        "services: {a: {image: y, volumes: ['./acme:/etc/acme.sh']}}",
        "bind-source-wrong-kind",
        "",
        id="the directory of a program whose name ends like a script's",
    ),
    pytest.param(
        "services: {a: {image: 'nginx:1.27', volumes: ['./no.conf:/etc/nginx/nginx.conf']}}",
        "bind-source-wrong-kind",
        "error service 'a': bind source './no.conf' is missing, so the engine creates a directory",
        id="the configuration that a known image has is a file",
    ),
    pytest.param(
        "services: {a: {image: 'haproxy:3.0',"
        " volumes: ['./no.cfg:/usr/local/etc/haproxy/haproxy.cfg']}}",
        "bind-source-wrong-kind",
        "warning service 'a': bind source './no.cfg' is missing, so the engine creates a directory",
        id="the configuration that a known image only reads may be a directory",
    ),
    pytest.param(
        "services: {a: {image: y, volumes: ['./run:/etc/passwd']}}",
        "bind-source-wrong-kind",
        "error service 'a': bind source './run' is a directory",
        id="a file that nearly every image has, in one that is not here",
    ),
    pytest.param(
        "services: {a: {image: x, volumes: ['./run:/etc/passwd']}}",
        "bind-source-wrong-kind",
        "warning service 'a': bind source './run' is a directory",
        id="a file that nearly every image has, and this one has not",
    ),
    pytest.param(
        "services: {a: {image: x, volumes: ['./run:/etc/hosts']}}",
        "bind-source-wrong-kind",
        "error service 'a': bind source './run' is a directory",
        id="a file that the engine makes in every container",
    ),
    pytest.param(
        "services: {a: {image: y, volumes: ['./run:/certs/site.key']}}",
        "bind-source-wrong-kind",
        "warning service 'a': bind source './run' is a directory",
        id="the key of a certificate is a file",
    ),
    pytest.param(
        "services: {a: {image: y, command: [/compose.yaml, --quick],"
        " volumes: ['./compose.yaml:/compose.yaml']}}",
        "entrypoint-script-broken",
        "",
        id="a data file is what an entrypoint that is not known reads",
    ),
    pytest.param(
        "services: {n8n: {image: n8nio/n8n:1.80.0, environment: {N8N_RUNNERS_MODE: external}},"
        " run: {image: x, environment: {N8N_RUNNERS_TASK_BROKER_URI: 'http://n8n:5679'}}}",
        "port-unserved",
        "",
        id="a server of a second port that a variable turns on",
    ),
    pytest.param(
        SCRIPT % "[/run/bash]",
        "entrypoint-script-broken",
        "error service 'a': './run/bash' starts with #!/bin/bash -e, which is not in its image",
        id="the interpreter of a script is not in the image",
    ),
    pytest.param(
        SCRIPT % "[/run/env]",
        "entrypoint-script-broken",
        "error service 'a': './run/env' starts with #!/usr/bin/env -S python3 -u, which is not in"
        " its image",
        id="the interpreter that env looks for is not in the image",
    ),
    pytest.param(
        SCRIPT % "[/run/sh]", "entrypoint-script-broken", "", id="the interpreter is there"
    ),
    pytest.param(
        SCRIPT % "[sh, /run/crlf]",
        "entrypoint-script-broken",
        "warning service 'a': './run/crlf' has CRLF line endings",
        id="a shell reads a script with the line ends of Windows",
    ),
    pytest.param(
        "services: {a: {image: x, volumes: ['${NO}:/data']}}",
        "mount-target-relative",
        "",
        id="a volume that Compose cannot read has no target",
    ),
    pytest.param(
        "services: {a: {image: x, volumes: ['data:/data']}}\n"
        "volumes: {data: {driver_opts: {type: none, o: 'rbind,rw', device: '${PWD}/absent'}}}",
        "volume-device-missing",
        "error volume 'data': device './absent' does not exist",
        id="a recursive bind with options is a bind",
    ),
    pytest.param(
        "services: {a: {image: x, memswap_limit: 64m}}",
        "memory-limit-too-small",
        "error service 'a': `memswap_limit` is 67108864 bytes, memory limit is not set",
        id="a limit of swap alone",
    ),
    pytest.param(
        "services: {a: {image: x, post_start: [{command: [/absent.sh]}, {command: sh -c true}]}}",
        "program-absent",
        "error service 'a': image 'x' has no '/absent.sh'",
        id="the program of a hook is not in the image",
    ),
    pytest.param(
        "services: {a: {image: x, ulimits: {nofile: {soft: 1024, hard: -1}, memlock: -1}}}",
        "ulimit-unknown",
        "error service 'a': ulimit 'nofile' is unlimited",
        id="a hard limit of open files that is unlimited",
    ),
    pytest.param(
        "services: {a: {image: x, ulimits: {nofile: 65536, memlock: -1, core: -1, nproc: -1}}}",
        "ulimit-unknown",
        "",
        id="limits that may be unlimited",
    ),
    pytest.param(
        "services: {a: {image: x, blkio_config: {device_read_bps: [{path: disk, rate: 1}]}}}",
        "device-missing",
        "",
        id="a path of a device that the engine sees from its own directory",
    ),
    pytest.param(
        "services: {a: {image: x, volumes: ['data:/data:rslave']}}\nvolumes: {data: {}}",
        "mount-propagation-refused",
        "error service 'a': volume 'data' has propagation 'rslave', which is for bind mounts",
        id="the propagation of a named volume",
    ),
    pytest.param(
        "services: {a: {image: x, volumes: ['data:/data:nocopy,rslave']}}\nvolumes: {data: {}}",
        "mount-propagation-refused",
        "",
        id="a named volume whose propagation Compose drops",
    ),
    pytest.param(
        "services: {a: {image: x, volumes: ["
        "{type: bind, source: ./run, target: /x, bind: {propagation: Rshared}}]}}",
        "mount-propagation-refused",
        "error service 'a': unknown propagation 'Rshared'",
        id="a propagation that does not exist",
    ),
    pytest.param(
        "services: {a: {provider: {type: compose}}}",
        "provider-missing",
        "error service 'a': 'compose' is not a valid provider type",
        id="Compose is no provider",
    ),
    pytest.param(
        "services: {a: {provider: {type: absent-x}, scale: 0}}",
        "provider-missing",
        "error service 'a': provider 'absent-x' is neither on the PATH nor a Docker plugin",
        id="a provider is called also where nothing is to run",
    ),
    pytest.param(
        "services: {a: {provider: {type: /bin/absent}}}",
        "provider-missing",
        "error service 'a': provider '/bin/absent' is neither on the PATH nor a Docker plugin",
        id="a provider at a path",
    ),
    pytest.param(
        "services: {a: {provider: {type: ./absent}}, b: {provider: {type: /bin/sh}}}",
        "provider-missing",
        "",
        id="a provider that is looked for where Compose is started",
    ),
]


@pytest.mark.parametrize(("text", "check_id", "wanted"), CASES)
def test_a_variant_is_judged_like_the_engine_judges_it(tmp_path, text, check_id, wanted):
    """One check, one project; the finding is written as severity and message."""
    scripts = {
        "bash": b"#!/bin/bash -e\n",
        "env": b"#!/usr/bin/env -S python3 -u\n",
        "sh": b"#!/bin/sh\n",
        "crlf": b"set -e\r\n",
    }
    (tmp_path / "run").mkdir()
    for name, content in scripts.items():
        (tmp_path / "run" / name).write_bytes(content)
        (tmp_path / "run" / name).chmod(0o755)
    (tmp_path / "compose.yaml").write_text(text, encoding="utf-8")
    project = pipeline.load(Request(directory=str(tmp_path)), {"PWD": str(tmp_path)})
    context = Context(project, LocalHost(), RecordedEngine(ENGINE))
    one_machine = {Needs.SWARM: "it is no target here"}
    findings = pipeline.check(Evidence(context, one_machine)).findings
    found = [f"{f.severity.value} {f.message}" for f in findings if f.check_id == check_id]
    assert found == ([wanted] if wanted else [])
