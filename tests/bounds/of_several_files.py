"""Lists that are files, or stand in other files than the compose file -> projects."""

from __future__ import annotations

from makers import IMAGE, Files, granted, indented, service, services


def used_variables(size: int) -> Files:
    made = service("environment", "V#: ${V#}")(size)
    return made | {".env": "".join(f"V{n}=value\n" for n in range(size))}


def env_file_lines(size: int) -> Files:
    text = f"services:\n  a: {{image: '{IMAGE}', env_file: a.env}}\n"
    return {"compose.yaml": text, "a.env": "".join(f"V{n}=value ${{V{n}}}\n" for n in range(size))}


def env_files(size: int) -> Files:
    made = service("env_file", "- e#.env")(size)
    return made | {f"e{n}.env": f"A{n}=1\n" for n in range(size)}


def env_file_shared(size: int) -> Files:
    """One file, of a fixed length, that all services take."""
    made = services("env_file: shared.env")(size)
    return made | {"shared.env": "".join(f"V{n}=value\n" for n in range(40))}


def env_file_repeated(size: int) -> Files:
    """One file that one service takes many times."""
    return service("env_file", "- a.env")(size) | {"a.env": "A=1\nB=2\n"}


def label_files(size: int) -> Files:
    made = service("label_file", "- l#.labels")(size)
    return made | {f"l{n}.labels": f"a{n}=1\n" for n in range(size)}


def includes(size: int) -> Files:
    text = "include:\n" + indented((f"- i{n}.yaml" for n in range(size)), 2)
    files = {f"i{n}.yaml": f"services: {{s{n}: {{image: '{IMAGE}'}}}}\n" for n in range(size)}
    return files | {"compose.yaml": text}


def include_of_paths(size: int) -> Files:
    text = "include:\n  - path:\n" + indented((f"- i{n}.yaml" for n in range(size)), 6)
    files = {f"i{n}.yaml": f"services: {{s{n}: {{image: '{IMAGE}'}}}}\n" for n in range(size)}
    return files | {"compose.yaml": text}


def include_env_files(size: int) -> Files:
    text = "include:\n  - path: i.yaml\n    env_file:\n" + indented(
        (f"- e{n}.env" for n in range(size)), 6
    )
    files = {f"e{n}.env": f"A{n}=1\n" for n in range(size)}
    return files | {"compose.yaml": text, "i.yaml": f"services: {{s: {{image: '{IMAGE}'}}}}\n"}


def extends_of_file(size: int) -> Files:
    text = "services:\n"
    text += "".join(f"  s{n}: {{extends: {{file: base.yaml, service: b}}}}\n" for n in range(size))
    return {"compose.yaml": text, "base.yaml": f"services: {{b: {{image: '{IMAGE}'}}}}\n"}


def extends_of_files(size: int) -> Files:
    text = "services:\n"
    text += "".join(f"  s{n}: {{extends: {{file: b{n}.yaml, service: b}}}}\n" for n in range(size))
    files = {f"b{n}.yaml": f"services: {{b: {{image: '{IMAGE}'}}}}\n" for n in range(size)}
    return files | {"compose.yaml": text}


def extends_of_large_file(size: int) -> Files:
    """Each service extends its namesake in one other file."""
    text = "services:\n"
    text += "".join(
        f"  s{n}: {{extends: {{file: base.yaml, service: b{n}}}}}\n" for n in range(size)
    )
    base = "services:\n" + "".join(f"  b{n}: {{image: '{IMAGE}'}}\n" for n in range(size))
    return {"compose.yaml": text, "base.yaml": base}


def settings(size: int) -> Files:
    lines = "".join(f'"check-{n}" = "a reason"\n' for n in range(size))
    text = f"services: {{a: {{image: '{IMAGE}'}}}}\n"
    return {"compose.yaml": text, "bootready.toml": "[checks.ignore]\n" + lines}


def override_files(size: int) -> Files:
    files = {f"o{n}.yaml": f"services: {{a: {{environment: {{A{n}: 1}}}}}}\n" for n in range(size)}
    names = ":".join(["compose.yaml", *files])
    return files | {
        "compose.yaml": f"services: {{a: {{image: '{IMAGE}'}}}}\n",
        ".env": f"COMPOSE_FILE={names}\n",
    }


def resets(size: int) -> Files:
    text = "services:\n" + "".join(
        f"  s{n}: {{image: '{IMAGE}', ports: ['{n + 1}:80']}}\n" for n in range(size)
    )
    over = "services:\n" + "".join(f"  s{n}: {{ports: !reset []}}\n" for n in range(size))
    return {"compose.yaml": text, "compose.override.yaml": over}


def overrides(size: int) -> Files:
    over = "services:\n" + "".join(
        f"  s{n}: {{image: '{IMAGE}', command: x}}\n" for n in range(size)
    )
    return services("command: sleep #")(size) | {"compose.override.yaml": over}


def override_list(size: int) -> Files:
    """One list that two files write."""
    first = service("environment", "A#: x")(size)["compose.yaml"]
    second = "services:\n  a:\n    environment:\n" + "".join(
        f"      A{n}: y\n" for n in range(size)
    )
    return {"compose.yaml": first, "compose.override.yaml": second}


def override_volumes(size: int) -> Files:
    first = service("volumes", "- d#:/d#")(size)["compose.yaml"]
    second = "services:\n  a:\n    volumes:\n" + "".join(
        f"      - e{n}:/d{n}\n" for n in range(size)
    )
    names = "volumes:\n" + "".join(f"  d{n}:\n  e{n}:\n" for n in range(size))
    return {"compose.yaml": first + names, "compose.override.yaml": second}


def override_ports(size: int) -> Files:
    first = service("ports", "- '127.0.0.1:#:80'")(size)["compose.yaml"]
    second = "services:\n  a:\n    ports:\n" + "".join(f"      - '{n}:80'\n" for n in range(size))
    return {"compose.yaml": first, "compose.override.yaml": second}


def secrets_present(size: int) -> Files:
    made = granted("secrets", "{file: ./r#}")(size)
    return made | {f"r{n}": "jd84kFnv92kdIEj3\n" for n in range(size)}


def configs_present(size: int) -> Files:
    made = granted("configs", "{file: ./r#}")(size)
    return made | {f"r{n}": "x\n" for n in range(size)}


def dockerfile(size: int) -> Files:
    text = "services: {a: {build: .}}\n"
    lines = "".join(f"RUN echo {n}\n" for n in range(size))
    return {"compose.yaml": text, "Dockerfile": f"FROM debian\n{lines}"}


def dockerfile_stages(size: int) -> Files:
    text = f"services: {{a: {{build: {{context: ., target: t{size - 1}}}}}}}\n"
    lines = "".join(f"FROM {'debian' if not n else f't{n - 1}'} AS t{n}\n" for n in range(size))
    return {"compose.yaml": text, "Dockerfile": lines}


def dockerignore(size: int) -> Files:
    lines = "".join(f"ignored{n}\n" for n in range(size))
    return {
        "compose.yaml": "services: {a: {build: .}}\n",
        "Dockerfile": "FROM debian\nCOPY a /a\n",
        "a": "",
        ".dockerignore": lines,
    }


def copies(size: int) -> Files:
    lines = "".join(f"COPY c{n} /c{n}\n" for n in range(size))
    return {"compose.yaml": "services: {a: {build: .}}\n", "Dockerfile": f"FROM debian\n{lines}"}


def gitignore(size: int) -> Files:
    made = granted("secrets", "{file: ./r#}")(3)
    return made | {".gitignore": "".join(f"*.ignored{n}\n" for n in range(size)), ".git/HEAD": ""}


def script(size: int) -> Files:
    text = (
        f"services: {{a: {{image: '{IMAGE}', volumes: ['./run.sh:/run.sh'], command: /run.sh}}}}\n"
    )
    return {"compose.yaml": text, "run.sh": "#!/bin/sh\n" + "echo x\n" * size}


def scripts(size: int) -> Files:
    made = services("volumes: ['./run#.sh:/run.sh']", "entrypoint: /run.sh")(size)
    return made | {f"run{n}.sh": "#!/bin/sh\necho x\n" for n in range(size)}


def watch(size: int) -> Files:
    text = "services:\n  a:\n    build: .\n    develop:\n      watch:\n"
    text += "".join(
        f"        - {{path: ./w{n}, action: sync, target: /w{n}}}\n" for n in range(size)
    )
    return {"compose.yaml": text, "Dockerfile": "FROM debian\n"}


def env_example(size: int) -> Files:
    lines = "".join(f"V{n}=x\n" for n in range(size))
    uses = service("environment", "V#: ${V#:?}")(size)
    return uses | {".env.example": lines}


def include_chain(size: int) -> Files:
    files = {
        f"i{n}.yaml": f"include: [i{n + 1}.yaml]\nservices: {{s{n}: {{image: '{IMAGE}'}}}}\n"
        for n in range(size)
    }
    files[f"i{size}.yaml"] = f"services: {{a: {{image: '{IMAGE}'}}}}\n"
    return files | {"compose.yaml": "include: [i0.yaml]\n"}


def env_on_one_line(size: int) -> Files:
    uses = "".join(f"${{V{n}:-x}}" for n in range(size))
    return {"compose.yaml": f"services: {{a: {{image: '{IMAGE}'}}}}\n", ".env": f"A={uses}\n"}


def crlf_scripts(size: int) -> Files:
    made = services("volumes: ['./run#.sh:/run.sh']", "entrypoint: /run.sh")(size)
    return made | {f"run{n}.sh": "#!/bin/sh\r\necho x\r\n" for n in range(size)}
