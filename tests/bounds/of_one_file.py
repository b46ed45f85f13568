"""Lists of a compose file that need more than their entries -> projects of one file."""

from __future__ import annotations

from makers import IMAGE, Files, granted, indented, service, services


def extends_chain(size: int) -> Files:
    text = f"services:\n  s0: {{image: '{IMAGE}'}}\n"
    text += "".join(f"  s{n}: {{extends: {{service: s{n - 1}}}}}\n" for n in range(1, size))
    return {"compose.yaml": text}


def extends_same(size: int) -> Files:
    text = f"services:\n  base: {{image: '{IMAGE}'}}\n"
    text += "".join(f"  s{n}: {{extends: base}}\n" for n in range(size))
    return {"compose.yaml": text}


def depends_chain(size: int) -> Files:
    text = "services:\n"
    for n in range(size):
        text += f"  s{n}:\n    image: {IMAGE}\n"
        if n:
            text += f"    depends_on: [s{n - 1}]\n"
    return {"compose.yaml": text}


def depends_healthy_chain(size: int) -> Files:
    text = "services:\n"
    for n in range(size):
        text += f"  s{n}:\n    image: {IMAGE}\n    healthcheck: {{test: [CMD, 'true']}}\n"
        if n:
            text += f"    depends_on: {{s{n - 1}: {{condition: service_healthy}}}}\n"
    return {"compose.yaml": text}


def depends_star(size: int) -> Files:
    made = services("command: sleep 9")(size)
    text = f"  all:\n    image: {IMAGE}\n    depends_on:\n"
    text += "".join(f"      - s{n}\n" for n in range(size))
    return {"compose.yaml": made["compose.yaml"] + text}


def depends_on_one(size: int) -> Files:
    made = services("depends_on: [one]")(size)
    return {"compose.yaml": made["compose.yaml"] + f"  one: {{image: '{IMAGE}'}}\n"}


def networks_of_one(size: int) -> Files:
    text = f"services:\n  a:\n    image: {IMAGE}\n    networks:\n"
    text += indented((f"- n{n}" for n in range(size)), 6)
    return {
        "compose.yaml": text + "networks:\n" + indented((f"n{n}: {{}}" for n in range(size)), 2)
    }


def documents(size: int) -> Files:
    text = "".join(
        f"---\nservices: {{s{n}: {{image: '{IMAGE}', command: sleep 9}}}}\n" for n in range(size)
    )
    return {"compose.yaml": text}


def anchors(size: int) -> Files:
    text = "x-l:\n" + "".join(f"  - &a{n} {{k: v}}\n" for n in range(size))
    return {"compose.yaml": text + f"services: {{a: {{image: '{IMAGE}'}}}}\n"}


def aliases(size: int) -> Files:
    text = "x-a: &a {LEVEL: info, MODE: x}\nservices:\n"
    text += "".join(f"  s{n}: {{image: '{IMAGE}', environment: *a}}\n" for n in range(size))
    return {"compose.yaml": text}


def merge_keys(size: int) -> Files:
    text = f"x-a: &a {{image: '{IMAGE}', restart: always}}\nservices:\n"
    text += "".join(f"  s{n}:\n    <<: *a\n    command: sleep {n}\n" for n in range(size))
    return {"compose.yaml": text}


def merge_list(size: int) -> Files:
    text = "x-l:\n" + "".join(f"  - &a{n} {{K{n}: v}}\n" for n in range(size))
    aliases = ", ".join(f"*a{n}" for n in range(size))
    text += f"services:\n  a:\n    image: {IMAGE}\n    environment:\n      <<: [{aliases}]\n"
    return {"compose.yaml": text}


def comments(size: int) -> Files:
    text = f"services: {{a: {{image: '{IMAGE}'}}}}\n"
    return {"compose.yaml": text + "# a comment\n" * size}


def silences(size: int) -> Files:
    """Silences of findings: a comment at each of as many missing env files."""
    text = f"services:\n  a:\n    image: {IMAGE}\n    volumes:\n"
    for n in range(size):
        text += f"      - ./d{n}:/d{n} # bootready: ignore[bind-source-missing] made later\n"
    return {"compose.yaml": text}


def silences_stale(size: int) -> Files:
    text = f"services: {{a: {{image: '{IMAGE}'}}}}\n"
    return {"compose.yaml": text + "# bootready: ignore[secret-file-missing] y\n" * size}


def silences_apart(size: int) -> Files:
    text = "services:\n"
    for n in range(size):
        text += f"  s{n}:\n    image: {IMAGE}\n"
        text += "    # bootready: ignore[healthcheck-missing] y\n    command: x\n"
    return {"compose.yaml": text}


def secrets_each(size: int) -> Files:
    made = services("secrets: [r#]", "environment: {KEY_FILE: /run/secrets/r#}")(size)
    text = "secrets:\n" + "".join(f"  r{n}: {{file: ./r{n}}}\n" for n in range(size))
    return {"compose.yaml": made["compose.yaml"] + text}


def secret_users(size: int) -> Files:
    made = services("secrets: [one]", "environment: {KEY_FILE: /run/secrets/one}")(size)
    return {"compose.yaml": made["compose.yaml"] + "secrets: {one: {file: ./one}}\n"}


def secrets_same_as(size: int) -> Files:
    made = granted("secrets", "{file: ./r#}")(size)["compose.yaml"].splitlines()
    for place, line in enumerate(made):
        name = line.strip().partition(":")[0]
        if line.startswith("  r") and name != "r0":
            before = int(name[1:]) - 1
            made[place] = f"  {name}: {{file: ./{name}, x-bootready: {{same_as: r{before}}}}}"
    return {"compose.yaml": "\n".join(made) + "\n"}


def secrets_and_variables(size: int) -> Files:
    """A service with many secrets and as many variables that name their files."""
    text = f"services:\n  a:\n    image: {IMAGE}\n    environment:\n"
    text += indented((f"K{n}_FILE: /run/secrets/r{n}" for n in range(size)), 6)
    text += "    secrets:\n" + indented((f"- r{n}" for n in range(size)), 6)
    text += "secrets:\n" + indented((f"r{n}: {{file: ./r{n}}}" for n in range(size)), 2)
    return {"compose.yaml": text}


def long_command(size: int) -> Files:
    words = " ".join(f"word{n}" for n in range(size))
    return {"compose.yaml": f"services: {{a: {{image: '{IMAGE}', command: {words}}}}}\n"}


def long_value(size: int) -> Files:
    uses = "".join(f"${{V{n}:-x}}" for n in range(size))
    return {"compose.yaml": f"services: {{a: {{image: '{IMAGE}', command: [\"{uses}\"]}}}}\n"}


def block_text(size: int) -> Files:
    lines = indented((f"echo ${{V{n}:-x}} && true" for n in range(size)), 8)
    text = f"services:\n  a:\n    image: {IMAGE}\n    command:\n      - |\n{lines}"
    return {"compose.yaml": text}


def config_content(size: int) -> Files:
    text = services()(1)["compose.yaml"] + "    configs: [c]\nconfigs:\n  c:\n    content: |\n"
    return {"compose.yaml": text + indented((f"line {n} of it" for n in range(size)), 6)}


def inline_dockerfile(size: int) -> Files:
    text = "services:\n  a:\n    build:\n      context: .\n"
    text += "      dockerfile_inline: |\n        FROM x\n"
    return {"compose.yaml": text + indented((f"RUN echo {n}" for n in range(size)), 8)}


def profiles_each(size: int) -> Files:
    made = services("profiles: [p#]", "depends_on: [one]")(size)
    return {"compose.yaml": made["compose.yaml"] + f"  one: {{image: '{IMAGE}'}}\n"}


def duplicate_keys(size: int) -> Files:
    text = f"services:\n  a:\n    image: {IMAGE}\n"
    return {"compose.yaml": text + "x-d:\n" + "  k: v\n" * size}


def unknown_keys(size: int) -> Files:
    text = f"services:\n  a:\n    image: {IMAGE}\n"
    return {"compose.yaml": text + "".join(f"    nonsense{n}: v\n" for n in range(size))}


def wrong_types(size: int) -> Files:
    return services("privileged: {a: #}")(size)


def port_range(size: int) -> Files:
    ports = f"10000-{9999 + size}"
    text = f"services: {{a: {{image: '{IMAGE}', ports: ['{ports}:{ports}']}}}}\n"
    return {"compose.yaml": text}


def port_clashes(size: int) -> Files:
    return services("ports: ['8080:80']")(size)


def deep(size: int) -> Files:
    text = f"services: {{a: {{image: '{IMAGE}'}}}}\nx-d: " + "[" * size + "]" * size + "\n"
    return {"compose.yaml": text}


def subnets(size: int) -> Files:
    text = f"services:\n  a:\n    image: {IMAGE}\nnetworks:\n"
    for n in range(size):
        text += f"  n{n}: {{ipam: {{config: [{{subnet: 10.{n // 256}.{n % 256}.0/24}}]}}}}\n"
    return {"compose.yaml": text}


def static_addresses(size: int) -> Files:
    made = services("networks: {n: {ipv4_address: 10.1.@.#}}")(size)["compose.yaml"].splitlines()
    for place, line in enumerate(made):
        if "ipv4_address" in line:
            n = int(line.rpartition(".")[2].rstrip("}")) + 2
            made[place] = f"    networks: {{n: {{ipv4_address: 10.1.{n // 256}.{n % 256}}}}}"
    text = "\n".join(made) + "\nnetworks: {n: {ipam: {config: [{subnet: 10.1.0.0/16}]}}}\n"
    return {"compose.yaml": text}


def certificates(size: int) -> Files:
    text = f"services:\n  a:\n    image: {IMAGE}\n    secrets:\n"
    text += indented((f"- k{n}.key" for n in range(size)), 6)
    text += "secrets:\n"
    text += indented((f"k{n}.key: {{file: ./certs/k{n}.key}}" for n in range(size)), 2)
    text += "configs:\n"
    text += indented((f"k{n}.crt: {{file: ./certs/k{n}.crt}}" for n in range(size)), 2)
    return {"compose.yaml": text}


def unset(size: int) -> Files:
    return service("environment", "V#: ${V#}")(size)


def required(size: int) -> Files:
    return service("environment", "V#: ${V#:?}")(size)


def merge_chain(size: int) -> Files:
    """Each anchor merges the one before it: what is merged grows with the square."""
    text = "x-a0: &a0 {K0: v}\n"
    text += "".join(f"x-a{n}: &a{n} {{<<: *a{n - 1}, K{n}: v}}\n" for n in range(1, size))
    return {"compose.yaml": text + f"services: {{a: {{image: '{IMAGE}'}}}}\n"}


def odd_texts(size: int) -> Files:
    """Plain texts in brackets that have a question mark, which Compose's parser stumbles over."""
    text = f"services: {{a: {{image: '{IMAGE}'}}}}\n"
    return {"compose.yaml": text + "x-q:\n" + "".join(f"  - [a?{n}]\n" for n in range(size))}


def unclosed(size: int) -> Files:
    """One value with variables that no brace ends."""
    text = f"services: {{a: {{image: '{IMAGE}', command: ['{'${A:-' * size}']}}}}\n"
    return {"compose.yaml": text}


def mounted_by_all(size: int) -> Files:
    """Secrets in a directory that is mounted too, by one service of many."""
    made = granted("secrets", "{file: ./keys/r#}")(size)["compose.yaml"]
    mount = "    volumes: ['./keys:/keys']\n"
    return {"compose.yaml": made.replace("    secrets:\n", f"{mount}    secrets:\n", 1)}


def ungranted(size: int) -> Files:
    """Services that use a secret by a name that is nearly one of many."""
    made = services("environment: {KEY_FILE: /run/secrets/r#x}")(size)["compose.yaml"]
    text = "secrets:\n" + "".join(f"  r{n}: {{file: ./r{n}}}\n" for n in range(size))
    return {"compose.yaml": made + text}


def undefined(size: int) -> Files:
    """Services that name a network which is nearly one of many."""
    made = services("networks: [net#x]")(size)["compose.yaml"]
    return {"compose.yaml": made + "networks:\n" + "".join(f"  net{n}:\n" for n in range(size))}


def extends_missing(size: int) -> Files:
    text = "services:\n" + "".join(
        f"  s{n}: {{image: '{IMAGE}', extends: no{n}}}\n" for n in range(size)
    )
    return {"compose.yaml": text}


def dollars(size: int) -> Files:
    """Healthchecks with a `$` that the container's shell was to see."""
    test = "healthcheck: {test: [CMD-SHELL, 'test $V# = x']}"
    return services("environment: {V#: x}", test)(size)
