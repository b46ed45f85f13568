"""Projects whose every name is hostile: it steers terminals, forges lines, opens tags and fences.

Each is written as a template in which `@` stands for such a name, as a YAML or JSON string.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

NAME = (
    "n\x1b[2J\x1b]8;;http://forged\x07\r\nFORGED::a\n::stop-commands::t\n  ::add-mask::x\n"
    "##vso[task.complete]##[error]\n```\nFORGED\x0bFORGED\x85FORGED\u2028FORGED\u2029FORGED\n"
    "\u202e\u2066\u200f\ufeff\x9b2J\x08\x00<img src=x onerror=alert(1)></script><script>alert(1)//"
    '</script>" onload="alert(1)|`|`rm`$(id)\x7f'
)
"""No file may hold the zero byte in its name; `FILE` is what one may have."""
FILE = NAME.replace("\x00", "").replace("/", "\u2215")[:90]

UNSAFE = re.compile(
    "[\x00-\x08\x0b-\x0c\x0e-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]"
    "|\r(?!\n)|[\ud800-\udc7f\udd00-\udfff]"
)
FORGED = re.compile(r"(?m)^[\s>]*(?:FORGED|::(?:stop-commands|add-mask)::|```\s*$\s*FORGED)")
COMMAND = re.compile(r"##vso\[|##\[")
MARKDOWN_CODE = re.compile(r"(?ms)^```.*?^```|`[^`\n]*`")
"""In it, nothing is a tag."""
TAG = re.compile(r"(?<!\\)<(?:img src=x|script>alert)|<[^>`]*\" onload=\"alert")

LOADABLE = """\
name: hostile
x-@: @
services:
  a:
    image: "debian:bookworm-slim"
    command: [echo, @]
    entrypoint: ["sh", "-c", @]
    env_file: [{path: @, required: false}]
    volumes: ["./v:/x", {type: bind, source: @, target: @}, {type: volume, source: v, target: @}]
    ports: ["80:80", "80:81", {target: 82, name: @, app_protocol: @}]
    secrets: [s, t, {source: u, target: @}]
    configs: [c, {source: d, target: @}]
    healthcheck: {test: ["CMD-SHELL", @]}
    labels: {@: @, "traefik.http.routers.x.rule": "Host(`a.test`) || Host(`&`)"}
    annotations: {@: @}
    environment: {@: @, U: "${UNSET} &", HOST_URL: "http://&:1/"}
    profiles: []
    container_name: @
    hostname: @
    user: @
    working_dir: @
    stop_signal: @
    cap_add: [@]
    dns: [@]
    extra_hosts: ["h=&"]
    logging: {driver: @, options: {@: @}}
    security_opt: [@]
    sysctls: {@: @}
    tmpfs: ["/t:&"]
    runtime: @
    platform: @
    restart: "on-failure"
    network_mode: bridge
    build: {context: @, dockerfile: @, target: @, args: {@: @}, additional_contexts: {@: @}}
    depends_on: {b: {condition: service_healthy}}
    x-bootready: {user: @, verify: [{name: @, url: "http://a.test/&"}, {name: @, tcp: 80}]}
  b:
    image: @
    networks: {n: {aliases: [@]}, default: {driver_opts: {@: @}}}
    extends: {file: base.yaml, service: base}
  d:
    image: y
    profiles: [@]
  p:
    provider: {type: @, options: {@: @}}
secrets:
  s: {file: @}
  t: {environment: @}
  u: {external: true, name: @}
configs:
  c: {file: @}
  d: {content: @}
networks:
  n: {driver: @, driver_opts: {@: @}, labels: {@: @}, ipam: {driver: @}}
  m: {external: true, name: @}
volumes:
  v: {driver: @, driver_opts: {type: none, o: bind, device: @}}
  w: {external: true, name: @}
  z: {name: @}
"""

_SERVICE = "services:\n  a:\n    image: busybox\n"
REFUSED = [
    "services: {a: {image: x, devices: ['&:/dev/x']}}",
    "services: {a: {image: x, env_file: [@]}}",
    "services: {@: {image: x}}",
    "services: {a: {image: x, @: y}}",
    "services: {a: {image: x, depends_on: [@]}}",
    "services: {a: {image: x, networks: [@]}}",
    "services: {a: {image: x, volumes: ['&:/x:&']}}",
    "services: {a: {image: x, secrets: [@]}}",
    "services: {a: {image: x, configs: [@]}}",
    "services: {a: {image: x, extends: @}}",
    "services: {a: {extends: {file: @, service: @}}}",
    "services: {a: {image: x, ports: [@]}}",
    "services: {a: {image: x, environment: {A: [@]}}}",
    "services: {a: {image: x, mem_limit: @}}",
    "services: {a: {image: x, command: '${&'}}",
    "services: {a: {image: '${A:?&}'}}",
    "services: {a: {image: x, pull_policy: @}}",
    "services: {a: {image: x, env_file: [{path: @, format: @}]}}",
    "services: {a: {image: x, label_file: [@]}}",
    "services: {a: {image: x, build: {ssh: [@]}}}",
    "services: {a: {image: x, deploy: {resources: {limits: {cpus: @}}}}}",
    "services: {a: {image: x, depends_on: {b: {condition: @}}}, b: {image: y}}",
    "services: {a: {image: x, network_mode: 'service:&'}}",
    "services: {a: {image: x, links: [@]}}",
    "name: @\nservices: {a: {image: x}}",
    "include: [@]\nservices: {a: {image: x}}",
    "include: [{path: base.yaml, env_file: @, project_directory: @}]\nservices: {a: {image: x}}",
    "networks: {@: {}}\nservices: {a: {image: x}}",
    "volumes: {@: {}}\nservices: {a: {image: x}}",
    "secrets: {@: {file: @}}\nservices: {a: {image: x}}",
    "configs: {@: {file: @}}\nservices: {a: {image: x}}",
    "secrets: {s: @}\nservices: {a: {image: x}}",
    "models: {@: {model: @}}\nservices: {a: {image: x, models: [@]}}",
    "@: 1\nservices: {a: {image: x}}",
    "services: {a: {image: x}}\n--- !!&\n",
    "services: {a: *&\n",
    "services: {a: {image: x, @: 1, @: 2}}",
    "services: {a: {image: x, ? [@] : 1}}",
    "services: {a: !override @}",
    "services: @",
    "@",
    "services: {a: {image: x}}\nx-bootready: {@: @}",
    "services: {a: {image: x, x-bootready: {@: @, verify: [{@: @}]}}}",
    "secrets: {s: {file: ./s, x-bootready: {kind: @, same_as: @, @: @}}}\n" + _SERVICE
    + "    secrets: [s]\n",
    _SERVICE + "# bootready: ignore[&] &\n",
    _SERVICE + "    command: |\n      ::stop-commands::t\n      FORGED $UNSET\n      ```\n",
    _SERVICE + "    command: $UNSET \x9b2J\u202e FORGED\n",
]  # fmt: skip
"""Projects that Compose refuses for a hostile name, or that have it in an odd place."""
FILES = {
    ".env": 'A="&"\nB=$UNSET\n',
    ".env.example": "# &\nABSENT=\nOTHER=&\n",
    "base.yaml": "services: {base: {image: x, environment: {@: $UNSET}}}\n",
    "Dockerfile": "FROM & AS &\n",
    ".gitignore": "&\n",
}


def filled(template: str) -> str:
    """Return a template with the hostile name in it, in quotes for `@`, bare for `&`."""
    quoted = json.dumps(NAME)
    bare = quoted[1:-1].replace('\\"', "").replace("'", "")
    return template.replace("@", quoted).replace("&", bare)


def plant(directory: Path, compose: str = LOADABLE) -> None:
    """Write a hostile project into `directory`."""
    directory.mkdir(parents=True)
    for name, text in {**FILES, "compose.yaml": compose}.items():
        if compose == LOADABLE or name in {"compose.yaml", "base.yaml"}:
            (directory / name).write_text(filled(text), encoding="utf-8")
