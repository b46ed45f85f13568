"""Lists that a project may hold -> projects in which one of them has as many entries as asked for.

Each function takes a size and returns the files of a project, by name. Whatever else is in it is
small, so that what a command needs grows with that list alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

Files = dict[str, str]
Maker = Callable[[int], Files]
IMAGE = "registry.local/app:1.2"


def _indented(lines: Iterable[str], by: int) -> str:
    return "".join(f"{' ' * by}{line}\n" for line in lines)


def _service(key: str, entry: str, more: str = "") -> Maker:
    """Return the maker of a project whose only service has a list at `key`; `#` is the number."""

    def make(size: int) -> Files:
        entries = _indented((entry.replace("#", str(n)) for n in range(size)), 6)
        text = f"services:\n  a:\n    image: {IMAGE}\n    {key}:\n{entries}"
        return {"compose.yaml": text + more}

    return make


def _services(*lines: str, more: str = "", entry: str = "") -> Maker:
    """Return the maker of many services of these lines, and of as many lines `entry` behind."""

    def make(size: int) -> Files:
        text = ["services:\n"]
        for n in range(size):
            text.append(f"  s{n}:\n    image: {IMAGE}\n")
            text += [f"    {line.replace('#', str(n))}\n" for line in lines]
        text.append(more)
        if entry:
            text += [f"  {entry.replace('#', str(n))}\n" for n in range(size)]
        return {"compose.yaml": "".join(text)}

    return make


def _nested(path: tuple[str, ...], entry: str) -> Maker:
    """Return the maker of a service with a list at a path of several keys."""

    def make(size: int) -> Files:
        text = f"services:\n  a:\n    image: {IMAGE}\n"
        for depth, key in enumerate(path):
            text += f"{' ' * (4 + 2 * depth)}{key}:\n"
        text += _indented((entry.replace("#", str(n)) for n in range(size)), 4 + 2 * len(path))
        return {"compose.yaml": text}

    return make


def _top(key: str, entry: str) -> Maker:
    """Return the maker of a project with a list at a top-level `key`."""

    def make(size: int) -> Files:
        text = f"services:\n  a: {{image: '{IMAGE}'}}\n{key}:\n"
        return {
            "compose.yaml": text + _indented((entry.replace("#", str(n)) for n in range(size)), 2)
        }

    return make


def _granted(kind: str, definition: str) -> Maker:
    """Return the maker of resources that one service is granted, all of them."""

    def make(size: int) -> Files:
        text = f"services:\n  a:\n    image: {IMAGE}\n    {kind}:\n"
        text += _indented((f"- r{n}" for n in range(size)), 6)
        text += f"{kind}:\n" + _indented(
            (f"r{n}: {definition.replace('#', str(n))}" for n in range(size)), 2
        )
        return {"compose.yaml": text}

    return make


def _env(line: str, compose: str = "") -> Maker:
    """Return the maker of a project with many lines in its `.env`; `@` is the number before."""

    def make(size: int) -> Files:
        lines = (
            line.replace("#", str(n)).replace("@", str(max(n - 1, 0))) + "\n" for n in range(size)
        )
        text = compose or f"services:\n  a: {{image: '{IMAGE}'}}\n"
        return {"compose.yaml": text, ".env": "".join(lines)}

    return make


def _used_variables(size: int) -> Files:
    made = _service("environment", "V#: ${V#}")(size)
    return made | {".env": "".join(f"V{n}=value\n" for n in range(size))}


def _env_file_lines(size: int) -> Files:
    text = f"services:\n  a: {{image: '{IMAGE}', env_file: a.env}}\n"
    return {"compose.yaml": text, "a.env": "".join(f"V{n}=value ${{V{n}}}\n" for n in range(size))}


def _env_files(size: int) -> Files:
    made = _service("env_file", "- e#.env")(size)
    return made | {f"e{n}.env": f"A{n}=1\n" for n in range(size)}


def _env_file_shared(size: int) -> Files:
    """One file, of a fixed length, that all services take."""
    made = _services("env_file: shared.env")(size)
    return made | {"shared.env": "".join(f"V{n}=value\n" for n in range(40))}


def _env_file_repeated(size: int) -> Files:
    """One file that one service takes many times."""
    return _service("env_file", "- a.env")(size) | {"a.env": "A=1\nB=2\n"}


def _label_files(size: int) -> Files:
    made = _service("label_file", "- l#.labels")(size)
    return made | {f"l{n}.labels": f"a{n}=1\n" for n in range(size)}


def _includes(size: int) -> Files:
    text = "include:\n" + _indented((f"- i{n}.yaml" for n in range(size)), 2)
    files = {f"i{n}.yaml": f"services: {{s{n}: {{image: '{IMAGE}'}}}}\n" for n in range(size)}
    return files | {"compose.yaml": text}


def _include_of_paths(size: int) -> Files:
    text = "include:\n  - path:\n" + _indented((f"- i{n}.yaml" for n in range(size)), 6)
    files = {f"i{n}.yaml": f"services: {{s{n}: {{image: '{IMAGE}'}}}}\n" for n in range(size)}
    return files | {"compose.yaml": text}


def _include_env_files(size: int) -> Files:
    text = "include:\n  - path: i.yaml\n    env_file:\n" + _indented(
        (f"- e{n}.env" for n in range(size)), 6
    )
    files = {f"e{n}.env": f"A{n}=1\n" for n in range(size)}
    return files | {"compose.yaml": text, "i.yaml": f"services: {{s: {{image: '{IMAGE}'}}}}\n"}


def _extends_chain(size: int) -> Files:
    text = f"services:\n  s0: {{image: '{IMAGE}'}}\n"
    text += "".join(f"  s{n}: {{extends: {{service: s{n - 1}}}}}\n" for n in range(1, size))
    return {"compose.yaml": text}


def _extends_same(size: int) -> Files:
    text = f"services:\n  base: {{image: '{IMAGE}'}}\n"
    text += "".join(f"  s{n}: {{extends: base}}\n" for n in range(size))
    return {"compose.yaml": text}


def _extends_of_file(size: int) -> Files:
    text = "services:\n"
    text += "".join(f"  s{n}: {{extends: {{file: base.yaml, service: b}}}}\n" for n in range(size))
    return {"compose.yaml": text, "base.yaml": f"services: {{b: {{image: '{IMAGE}'}}}}\n"}


def _extends_of_files(size: int) -> Files:
    text = "services:\n"
    text += "".join(f"  s{n}: {{extends: {{file: b{n}.yaml, service: b}}}}\n" for n in range(size))
    files = {f"b{n}.yaml": f"services: {{b: {{image: '{IMAGE}'}}}}\n" for n in range(size)}
    return files | {"compose.yaml": text}


def _extends_of_large_file(size: int) -> Files:
    """Each service extends its namesake in one other file."""
    text = "services:\n"
    text += "".join(
        f"  s{n}: {{extends: {{file: base.yaml, service: b{n}}}}}\n" for n in range(size)
    )
    base = "services:\n" + "".join(f"  b{n}: {{image: '{IMAGE}'}}\n" for n in range(size))
    return {"compose.yaml": text, "base.yaml": base}


def _depends_chain(size: int) -> Files:
    text = "services:\n"
    for n in range(size):
        text += f"  s{n}:\n    image: {IMAGE}\n"
        if n:
            text += f"    depends_on: [s{n - 1}]\n"
    return {"compose.yaml": text}


def _depends_healthy_chain(size: int) -> Files:
    text = "services:\n"
    for n in range(size):
        text += f"  s{n}:\n    image: {IMAGE}\n    healthcheck: {{test: [CMD, 'true']}}\n"
        if n:
            text += f"    depends_on: {{s{n - 1}: {{condition: service_healthy}}}}\n"
    return {"compose.yaml": text}


def _depends_star(size: int) -> Files:
    made = _services("command: sleep 9")(size)
    text = f"  all:\n    image: {IMAGE}\n    depends_on:\n"
    text += "".join(f"      - s{n}\n" for n in range(size))
    return {"compose.yaml": made["compose.yaml"] + text}


def _depends_on_one(size: int) -> Files:
    made = _services("depends_on: [one]")(size)
    return {"compose.yaml": made["compose.yaml"] + f"  one: {{image: '{IMAGE}'}}\n"}


def _networks_of_one(size: int) -> Files:
    text = f"services:\n  a:\n    image: {IMAGE}\n    networks:\n"
    text += _indented((f"- n{n}" for n in range(size)), 6)
    return {
        "compose.yaml": text + "networks:\n" + _indented((f"n{n}: {{}}" for n in range(size)), 2)
    }


def _documents(size: int) -> Files:
    text = "".join(
        f"---\nservices: {{s{n}: {{image: '{IMAGE}', command: sleep 9}}}}\n" for n in range(size)
    )
    return {"compose.yaml": text}


def _anchors(size: int) -> Files:
    text = "x-l:\n" + "".join(f"  - &a{n} {{k: v}}\n" for n in range(size))
    return {"compose.yaml": text + f"services: {{a: {{image: '{IMAGE}'}}}}\n"}


def _aliases(size: int) -> Files:
    text = "x-a: &a {LEVEL: info, MODE: x}\nservices:\n"
    text += "".join(f"  s{n}: {{image: '{IMAGE}', environment: *a}}\n" for n in range(size))
    return {"compose.yaml": text}


def _merge_keys(size: int) -> Files:
    text = f"x-a: &a {{image: '{IMAGE}', restart: always}}\nservices:\n"
    text += "".join(f"  s{n}:\n    <<: *a\n    command: sleep {n}\n" for n in range(size))
    return {"compose.yaml": text}


def _merge_list(size: int) -> Files:
    text = "x-l:\n" + "".join(f"  - &a{n} {{K{n}: v}}\n" for n in range(size))
    aliases = ", ".join(f"*a{n}" for n in range(size))
    text += f"services:\n  a:\n    image: {IMAGE}\n    environment:\n      <<: [{aliases}]\n"
    return {"compose.yaml": text}


def _comments(size: int) -> Files:
    text = f"services: {{a: {{image: '{IMAGE}'}}}}\n"
    return {"compose.yaml": text + "# a comment\n" * size}


def _silences(size: int) -> Files:
    """Silences of findings: a comment at each of as many missing env files."""
    text = f"services:\n  a:\n    image: {IMAGE}\n    volumes:\n"
    for n in range(size):
        text += f"      - ./d{n}:/d{n} # bootready: ignore[bind-source-missing] made later\n"
    return {"compose.yaml": text}


def _silences_stale(size: int) -> Files:
    text = f"services: {{a: {{image: '{IMAGE}'}}}}\n"
    return {"compose.yaml": text + "# bootready: ignore[secret-file-missing] y\n" * size}


def _silences_apart(size: int) -> Files:
    text = "services:\n"
    for n in range(size):
        text += f"  s{n}:\n    image: {IMAGE}\n"
        text += "    # bootready: ignore[healthcheck-missing] y\n    command: x\n"
    return {"compose.yaml": text}


def _settings(size: int) -> Files:
    lines = "".join(f'"check-{n}" = "a reason"\n' for n in range(size))
    text = f"services: {{a: {{image: '{IMAGE}'}}}}\n"
    return {"compose.yaml": text, "bootready.toml": "[checks.ignore]\n" + lines}


def _override_files(size: int) -> Files:
    files = {f"o{n}.yaml": f"services: {{a: {{environment: {{A{n}: 1}}}}}}\n" for n in range(size)}
    names = ":".join(["compose.yaml", *files])
    return files | {
        "compose.yaml": f"services: {{a: {{image: '{IMAGE}'}}}}\n",
        ".env": f"COMPOSE_FILE={names}\n",
    }


def _resets(size: int) -> Files:
    text = "services:\n" + "".join(
        f"  s{n}: {{image: '{IMAGE}', ports: ['{n + 1}:80']}}\n" for n in range(size)
    )
    over = "services:\n" + "".join(f"  s{n}: {{ports: !reset []}}\n" for n in range(size))
    return {"compose.yaml": text, "compose.override.yaml": over}


def _overrides(size: int) -> Files:
    over = "services:\n" + "".join(
        f"  s{n}: {{image: '{IMAGE}', command: x}}\n" for n in range(size)
    )
    return _services("command: sleep #")(size) | {"compose.override.yaml": over}


def _override_list(size: int) -> Files:
    """One list that two files write."""
    first = _service("environment", "A#: x")(size)["compose.yaml"]
    second = "services:\n  a:\n    environment:\n" + "".join(
        f"      A{n}: y\n" for n in range(size)
    )
    return {"compose.yaml": first, "compose.override.yaml": second}


def _override_volumes(size: int) -> Files:
    first = _service("volumes", "- d#:/d#")(size)["compose.yaml"]
    second = "services:\n  a:\n    volumes:\n" + "".join(
        f"      - e{n}:/d{n}\n" for n in range(size)
    )
    names = "volumes:\n" + "".join(f"  d{n}:\n  e{n}:\n" for n in range(size))
    return {"compose.yaml": first + names, "compose.override.yaml": second}


def _override_ports(size: int) -> Files:
    first = _service("ports", "- '127.0.0.1:#:80'")(size)["compose.yaml"]
    second = "services:\n  a:\n    ports:\n" + "".join(f"      - '{n}:80'\n" for n in range(size))
    return {"compose.yaml": first, "compose.override.yaml": second}


def _secrets_each(size: int) -> Files:
    made = _services("secrets: [r#]", "environment: {KEY_FILE: /run/secrets/r#}")(size)
    text = "secrets:\n" + "".join(f"  r{n}: {{file: ./r{n}}}\n" for n in range(size))
    return {"compose.yaml": made["compose.yaml"] + text}


def _secret_users(size: int) -> Files:
    made = _services("secrets: [one]", "environment: {KEY_FILE: /run/secrets/one}")(size)
    return {"compose.yaml": made["compose.yaml"] + "secrets: {one: {file: ./one}}\n"}


def _secrets_same_as(size: int) -> Files:
    made = _granted("secrets", "{file: ./r#}")(size)["compose.yaml"].splitlines()
    for place, line in enumerate(made):
        name = line.strip().partition(":")[0]
        if line.startswith("  r") and name != "r0":
            before = int(name[1:]) - 1
            made[place] = f"  {name}: {{file: ./{name}, x-bootready: {{same_as: r{before}}}}}"
    return {"compose.yaml": "\n".join(made) + "\n"}


def _secrets_present(size: int) -> Files:
    made = _granted("secrets", "{file: ./r#}")(size)
    return made | {f"r{n}": "jd84kFnv92kdIEj3\n" for n in range(size)}


def _configs_present(size: int) -> Files:
    made = _granted("configs", "{file: ./r#}")(size)
    return made | {f"r{n}": "x\n" for n in range(size)}


def _secrets_and_variables(size: int) -> Files:
    """A service with many secrets and as many variables that name their files."""
    text = f"services:\n  a:\n    image: {IMAGE}\n    environment:\n"
    text += _indented((f"K{n}_FILE: /run/secrets/r{n}" for n in range(size)), 6)
    text += "    secrets:\n" + _indented((f"- r{n}" for n in range(size)), 6)
    text += "secrets:\n" + _indented((f"r{n}: {{file: ./r{n}}}" for n in range(size)), 2)
    return {"compose.yaml": text}


def _long_command(size: int) -> Files:
    words = " ".join(f"word{n}" for n in range(size))
    return {"compose.yaml": f"services: {{a: {{image: '{IMAGE}', command: {words}}}}}\n"}


def _long_value(size: int) -> Files:
    uses = "".join(f"${{V{n}:-x}}" for n in range(size))
    return {"compose.yaml": f"services: {{a: {{image: '{IMAGE}', command: [\"{uses}\"]}}}}\n"}


def _block_text(size: int) -> Files:
    lines = _indented((f"echo ${{V{n}:-x}} && true" for n in range(size)), 8)
    text = f"services:\n  a:\n    image: {IMAGE}\n    command:\n      - |\n{lines}"
    return {"compose.yaml": text}


def _config_content(size: int) -> Files:
    text = _services()(1)["compose.yaml"] + "    configs: [c]\nconfigs:\n  c:\n    content: |\n"
    return {"compose.yaml": text + _indented((f"line {n} of it" for n in range(size)), 6)}


def _inline_dockerfile(size: int) -> Files:
    text = "services:\n  a:\n    build:\n      context: .\n"
    text += "      dockerfile_inline: |\n        FROM x\n"
    return {"compose.yaml": text + _indented((f"RUN echo {n}" for n in range(size)), 8)}


def _dockerfile(size: int) -> Files:
    text = "services: {a: {build: .}}\n"
    lines = "".join(f"RUN echo {n}\n" for n in range(size))
    return {"compose.yaml": text, "Dockerfile": f"FROM debian\n{lines}"}


def _dockerfile_stages(size: int) -> Files:
    text = f"services: {{a: {{build: {{context: ., target: t{size - 1}}}}}}}\n"
    lines = "".join(f"FROM {'debian' if not n else f't{n - 1}'} AS t{n}\n" for n in range(size))
    return {"compose.yaml": text, "Dockerfile": lines}


def _dockerignore(size: int) -> Files:
    lines = "".join(f"ignored{n}\n" for n in range(size))
    return {
        "compose.yaml": "services: {a: {build: .}}\n",
        "Dockerfile": "FROM debian\nCOPY a /a\n",
        "a": "",
        ".dockerignore": lines,
    }


def _copies(size: int) -> Files:
    lines = "".join(f"COPY c{n} /c{n}\n" for n in range(size))
    return {"compose.yaml": "services: {a: {build: .}}\n", "Dockerfile": f"FROM debian\n{lines}"}


def _gitignore(size: int) -> Files:
    made = _granted("secrets", "{file: ./r#}")(3)
    return made | {".gitignore": "".join(f"*.ignored{n}\n" for n in range(size)), ".git/HEAD": ""}


def _script(size: int) -> Files:
    text = (
        f"services: {{a: {{image: '{IMAGE}', volumes: ['./run.sh:/run.sh'], command: /run.sh}}}}\n"
    )
    return {"compose.yaml": text, "run.sh": "#!/bin/sh\n" + "echo x\n" * size}


def _scripts(size: int) -> Files:
    made = _services("volumes: ['./run#.sh:/run.sh']", "entrypoint: /run.sh")(size)
    return made | {f"run{n}.sh": "#!/bin/sh\necho x\n" for n in range(size)}


def _profiles_each(size: int) -> Files:
    made = _services("profiles: [p#]", "depends_on: [one]")(size)
    return {"compose.yaml": made["compose.yaml"] + f"  one: {{image: '{IMAGE}'}}\n"}


def _duplicate_keys(size: int) -> Files:
    text = f"services:\n  a:\n    image: {IMAGE}\n"
    return {"compose.yaml": text + "x-d:\n" + "  k: v\n" * size}


def _unknown_keys(size: int) -> Files:
    text = f"services:\n  a:\n    image: {IMAGE}\n"
    return {"compose.yaml": text + "".join(f"    nonsense{n}: v\n" for n in range(size))}


def _wrong_types(size: int) -> Files:
    return _services("privileged: {a: #}")(size)


def _port_range(size: int) -> Files:
    ports = f"10000-{9999 + size}"
    text = f"services: {{a: {{image: '{IMAGE}', ports: ['{ports}:{ports}']}}}}\n"
    return {"compose.yaml": text}


def _port_clashes(size: int) -> Files:
    return _services("ports: ['8080:80']")(size)


def _deep(size: int) -> Files:
    text = f"services: {{a: {{image: '{IMAGE}'}}}}\nx-d: " + "[" * size + "]" * size + "\n"
    return {"compose.yaml": text}


def _watch(size: int) -> Files:
    text = "services:\n  a:\n    build: .\n    develop:\n      watch:\n"
    text += "".join(
        f"        - {{path: ./w{n}, action: sync, target: /w{n}}}\n" for n in range(size)
    )
    return {"compose.yaml": text, "Dockerfile": "FROM debian\n"}


def _subnets(size: int) -> Files:
    text = f"services:\n  a:\n    image: {IMAGE}\nnetworks:\n"
    for n in range(size):
        text += f"  n{n}: {{ipam: {{config: [{{subnet: 10.{n // 256}.{n % 256}.0/24}}]}}}}\n"
    return {"compose.yaml": text}


def _static_addresses(size: int) -> Files:
    made = _services("networks: {n: {ipv4_address: 10.1.@.#}}")(size)["compose.yaml"].splitlines()
    for place, line in enumerate(made):
        if "ipv4_address" in line:
            n = int(line.rpartition(".")[2].rstrip("}")) + 2
            made[place] = f"    networks: {{n: {{ipv4_address: 10.1.{n // 256}.{n % 256}}}}}"
    text = "\n".join(made) + "\nnetworks: {n: {ipam: {config: [{subnet: 10.1.0.0/16}]}}}\n"
    return {"compose.yaml": text}


def _certificates(size: int) -> Files:
    text = f"services:\n  a:\n    image: {IMAGE}\n    secrets:\n"
    text += _indented((f"- k{n}.key" for n in range(size)), 6)
    text += "secrets:\n"
    text += _indented((f"k{n}.key: {{file: ./certs/k{n}.key}}" for n in range(size)), 2)
    text += "configs:\n"
    text += _indented((f"k{n}.crt: {{file: ./certs/k{n}.crt}}" for n in range(size)), 2)
    return {"compose.yaml": text}


def _env_example(size: int) -> Files:
    lines = "".join(f"V{n}=x\n" for n in range(size))
    uses = _service("environment", "V#: ${V#:?}")(size)
    return uses | {".env.example": lines}


def _unset(size: int) -> Files:
    return _service("environment", "V#: ${V#}")(size)


def _required(size: int) -> Files:
    return _service("environment", "V#: ${V#:?}")(size)


def _merge_chain(size: int) -> Files:
    """Each anchor merges the one before it: what is merged grows with the square."""
    text = "x-a0: &a0 {K0: v}\n"
    text += "".join(f"x-a{n}: &a{n} {{<<: *a{n - 1}, K{n}: v}}\n" for n in range(1, size))
    return {"compose.yaml": text + f"services: {{a: {{image: '{IMAGE}'}}}}\n"}


def _include_chain(size: int) -> Files:
    files = {
        f"i{n}.yaml": f"include: [i{n + 1}.yaml]\nservices: {{s{n}: {{image: '{IMAGE}'}}}}\n"
        for n in range(size)
    }
    files[f"i{size}.yaml"] = f"services: {{a: {{image: '{IMAGE}'}}}}\n"
    return files | {"compose.yaml": "include: [i0.yaml]\n"}


def _odd_texts(size: int) -> Files:
    """Plain texts in brackets that have a question mark, which Compose's parser stumbles over."""
    text = f"services: {{a: {{image: '{IMAGE}'}}}}\n"
    return {"compose.yaml": text + "x-q:\n" + "".join(f"  - [a?{n}]\n" for n in range(size))}


def _unclosed(size: int) -> Files:
    """One value with variables that no brace ends."""
    text = f"services: {{a: {{image: '{IMAGE}', command: ['{'${A:-' * size}']}}}}\n"
    return {"compose.yaml": text}


def _env_on_one_line(size: int) -> Files:
    uses = "".join(f"${{V{n}:-x}}" for n in range(size))
    return {"compose.yaml": f"services: {{a: {{image: '{IMAGE}'}}}}\n", ".env": f"A={uses}\n"}


def _mounted_by_all(size: int) -> Files:
    """Secrets in a directory that is mounted too, by one service of many."""
    made = _granted("secrets", "{file: ./keys/r#}")(size)["compose.yaml"]
    mount = "    volumes: ['./keys:/keys']\n"
    return {"compose.yaml": made.replace("    secrets:\n", f"{mount}    secrets:\n", 1)}


def _ungranted(size: int) -> Files:
    """Services that use a secret by a name that is nearly one of many."""
    made = _services("environment: {KEY_FILE: /run/secrets/r#x}")(size)["compose.yaml"]
    text = "secrets:\n" + "".join(f"  r{n}: {{file: ./r{n}}}\n" for n in range(size))
    return {"compose.yaml": made + text}


def _undefined(size: int) -> Files:
    """Services that name a network which is nearly one of many."""
    made = _services("networks: [net#x]")(size)["compose.yaml"]
    return {"compose.yaml": made + "networks:\n" + "".join(f"  net{n}:\n" for n in range(size))}


def _extends_missing(size: int) -> Files:
    text = "services:\n" + "".join(
        f"  s{n}: {{image: '{IMAGE}', extends: no{n}}}\n" for n in range(size)
    )
    return {"compose.yaml": text}


def _dollars(size: int) -> Files:
    """Healthchecks with a `$` that the container's shell was to see."""
    test = "healthcheck: {test: [CMD-SHELL, 'test $V# = x']}"
    return _services("environment: {V#: x}", test)(size)


def _crlf_scripts(size: int) -> Files:
    made = _services("volumes: ['./run#.sh:/run.sh']", "entrypoint: /run.sh")(size)
    return made | {f"run{n}.sh": "#!/bin/sh\r\necho x\r\n" for n in range(size)}


LISTS: dict[str, Maker] = {
    "services": _services(),
    "services in full": _services(
        "ports: ['127.0.0.1:#:80']",
        "volumes: [data#:/data]",
        "environment: {LEVEL: '${LEVEL_#:-info}'}",
        "healthcheck: {test: [CMD, 'true'], interval: 10s}",
        more="volumes:\n",
        entry="data#: {}",
    ),
    "services with a command": _services("command: sh -c 'sleep 9; true'"),
    "services with container_name": _services("container_name: c#"),
    "services of one container_name": _services("container_name: same"),
    "services that build": _services("build: .", "pull_policy: build"),
    "services with a bind": _services("volumes: ['./d#:/d']"),
    "services with a database": _services(
        "environment: {DATABASE_URL: 'postgres://u:p@s1:5432/d'}"
    ),
    "services with a link": _services("links: ['s0:db']"),
    "services on one network": _services("networks: [n]", more="networks:\n  n:\n"),
    "services on their network": _services("networks: [n#]", more="networks:\n", entry="n#:"),
    "services in one namespace": _services("network_mode: service:s0"),
    "services with volumes_from": _services("volumes_from: [s0]"),
    "ports": _service("ports", "- '#:80'"),
    "ports in long syntax": _service("ports", "- {target: 80, published: '#'}"),
    "port range": _port_range,
    "port clashes": _port_clashes,
    "expose": _service("expose", "- '#'"),
    "environment": _service("environment", "A#: value"),
    "environment as list": _service("environment", "- A#=value"),
    "secrets in environment": _service("environment", "A#_PASSWORD: value"),
    "env_file": _env_files,
    "env_file lines": _env_file_lines,
    "env_file of all": _env_file_shared,
    "env_file again and again": _env_file_repeated,
    "label_file": _label_files,
    ".env": _env("V#=value"),
    ".env quoted": _env('V#="value # ${V@}"'),
    ".env lines of one value": lambda n: _env("x")(0) | {".env": "V='" + "line\n" * n + "'\n"},
    ".env with references": _env("V#=a${W@}b"),
    "variables used": _used_variables,
    "variables unset": _unset,
    "variables required": _required,
    "variables in .env.example": _env_example,
    "variables in one value": _long_value,
    "labels": _service("labels", "l#: v"),
    "labels as list": _service("labels", "- l#=v"),
    "labels of the gateway": _service(
        "labels", "traefik.http.routers.r#.rule: Host(`h#.localhost`)"
    ),
    "volumes": _service("volumes", "- d#:/d#", "volumes:\n"),
    "binds": _service("volumes", "- ./d#:/d#"),
    "binds in long syntax": _service("volumes", "- {type: bind, source: ./d#, target: /d#}"),
    "named volumes": lambda n: {
        "compose.yaml": _service("volumes", "- d#:/d#")(n)["compose.yaml"]
        + "volumes:\n"
        + "".join(f"  d{k}:\n" for k in range(n))
    },
    "top-level volumes": _top("volumes", "d#: {driver_opts: {type: none, o: bind, device: ./d#}}"),
    "external volumes": _top("volumes", "d#: {external: true}"),
    "tmpfs": _service("tmpfs", "- /t#"),
    "networks": _top("networks", "n#: {}"),
    "networks of one service": _networks_of_one,
    "subnets": _subnets,
    "static addresses": _static_addresses,
    "aliases of a network": _nested(("networks", "default", "aliases"), "- alias#"),
    "secrets": _granted("secrets", "{file: ./r#}"),
    "secrets that are there": _secrets_present,
    "secrets of each service": _secrets_each,
    "users of one secret": _secret_users,
    "secrets with same_as": _secrets_same_as,
    "secrets and variables": _secrets_and_variables,
    "secrets of the environment": _granted("secrets", "{environment: V#}"),
    "external secrets": _granted("secrets", "{external: true}"),
    "configs": _granted("configs", "{file: ./r#}"),
    "configs that are there": _configs_present,
    "configs with content": _granted("configs", "{content: 'text ${V#:-x}'}"),
    "lines of a config": _config_content,
    "certificates": _certificates,
    "includes": _includes,
    "paths of an include": _include_of_paths,
    "env_file of an include": _include_env_files,
    "extends chain": _extends_chain,
    "extends of one": _extends_same,
    "extends of a file": _extends_of_file,
    "extends of files": _extends_of_files,
    "extends of a large file": _extends_of_large_file,
    "depends_on chain": _depends_chain,
    "depends_on healthy chain": _depends_healthy_chain,
    "depends_on of one": _depends_star,
    "depends_on one": _depends_on_one,
    "profiles": _service("profiles", "- p#"),
    "profiles of each service": _profiles_each,
    "documents": _documents,
    "override files": _override_files,
    "overridden services": _overrides,
    "overridden list": _override_list,
    "overridden volumes": _override_volumes,
    "overridden ports": _override_ports,
    "resets": _resets,
    "anchors": _anchors,
    "aliases": _aliases,
    "merge keys": _merge_keys,
    "merged maps of one key": _merge_list,
    "nested lists": _deep,
    "comments": _comments,
    "silences": _silences,
    "silences that are stale": _silences_stale,
    "silences of each service": _silences_apart,
    "silences in bootready.toml": _settings,
    "extensions": _top("x-d", "k#: v"),
    "duplicate keys": _duplicate_keys,
    "unknown keys": _unknown_keys,
    "wrong types": _wrong_types,
    "command": _service("command", "- word#"),
    "command of one text": _long_command,
    "lines of a command": _block_text,
    "entrypoint": _service("entrypoint", "- word#"),
    "healthcheck words": _nested(("healthcheck", "test"), "- word#"),
    "devices": _service("devices", "- /dev/d#:/dev/d#"),
    "extra_hosts": _service("extra_hosts", "- h#:10.0.0.1"),
    "dns": _service("dns", "- 10.0.0.1"),
    "dns_search": _service("dns_search", "- d#.local"),
    "sysctls": _service("sysctls", "net.core.s#: 1"),
    "ulimits": _service("ulimits", "u#: 1"),
    "cap_add": _service("cap_add", "- CAP#"),
    "cap_drop": _service("cap_drop", "- CAP#"),
    "security_opt": _service("security_opt", "- label:user#"),
    "group_add": _service("group_add", "- '#'"),
    "links": _service("links", "- a:l#"),
    "external_links": _service("external_links", "- c#:l#"),
    "annotations": _service("annotations", "a#: v"),
    "storage_opt": _service("storage_opt", "o#: v"),
    "device_cgroup_rules": _service("device_cgroup_rules", "- 'c #:0 rwm'"),
    "logging options": _nested(("logging", "options"), "o#: v"),
    "placement constraints": _nested(("deploy", "placement", "constraints"), "- node.labels.l#==1"),
    "deploy labels": _nested(("deploy", "labels"), "l#: v"),
    "blkio devices": _nested(("blkio_config", "device_read_bps"), "- {path: /dev/d#, rate: 1mb}"),
    "gpus": _service("gpus", "- {driver: d#, count: 1}"),
    "build args": _nested(("build", "args"), "A#: v"),
    "build labels": _nested(("build", "labels"), "l#: v"),
    "build secrets": _nested(("build", "secrets"), "- b#"),
    "build tags": _nested(("build", "tags"), "- registry.local/t:#"),
    "build cache_from": _nested(("build", "cache_from"), "- registry.local/t:#"),
    "build platforms": _nested(("build", "platforms"), "- linux/p#"),
    "additional contexts": _nested(("build", "additional_contexts"), "c#: ./c#"),
    "build extra_hosts": _nested(("build", "extra_hosts"), "- h#:10.0.0.1"),
    "build ssh": _nested(("build", "ssh"), "- k#=./k#"),
    "dockerfile_inline": _inline_dockerfile,
    "Dockerfile": _dockerfile,
    "stages of a Dockerfile": _dockerfile_stages,
    "COPY of a Dockerfile": _copies,
    ".dockerignore": _dockerignore,
    ".gitignore": _gitignore,
    "lines of a script": _script,
    "scripts": _scripts,
    "watch": _watch,
    "merge chain": _merge_chain,
    "include chain": _include_chain,
    "question marks in brackets": _odd_texts,
    "variables that no brace ends": _unclosed,
    "variables in one line of .env": _env_on_one_line,
    "secrets that are mounted too": _mounted_by_all,
    "secrets that are not granted": _ungranted,
    "undefined networks": _undefined,
    "undefined bases": _extends_missing,
    "dollars for the shell": _dollars,
    "scripts with CRLF": _crlf_scripts,
    "models": _top("models", "m#: {model: ai/m#}"),
    "post_start": _service("post_start", "- {command: 'echo #'}"),
}
