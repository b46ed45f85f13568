"""What gets another name, in which files, and what is refused: `|` marks the place in a text."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import pytest

from bootready.lsp.opened import look_at, request_for
from bootready.lsp.pointed import Point
from bootready.lsp.refusal import RefusedError
from bootready.lsp.renamed import Question, edited, named_at, renamed
from bootready.model.action import Edit


def question(place: Path, files: Mapping[str, str], environ: Mapping[str, str]) -> Question:
    """Write the files, and return the question about the place that is marked in one of them."""
    [marked] = [name for name, text in files.items() if "|" in text]
    for name, text in files.items():
        path = place / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text.replace("|", "", 1))
    before = files[marked].partition("|")[0]
    path = str(place / marked)
    texts = {path: files[marked].replace("|", "", 1)}
    request = request_for(path, str(place), texts, environ)
    assert request is not None
    point = Point(path, before.count("\n") + 1, len(before.rpartition("\n")[2]) + 1)
    return Question(look_at(request, texts, environ), point, texts, environ)


def after(
    place: Path, files: Mapping[str, str], new: str, environ: Mapping[str, str] | None = None
) -> dict[str, str]:
    """Return the files that a rename changes, as they are then."""
    found = renamed(question(place, files, environ or {}), new)
    changed: dict[str, list[Edit]] = {}
    for one in found:
        changed.setdefault(os.path.relpath(one.span.file, place), []).append(one)
    return {name: edited((place / name).read_text(), edits) for name, edits in changed.items()}


def refusal(
    place: Path, files: Mapping[str, str], new: str, environ: Mapping[str, str] | None = None
) -> str:
    with pytest.raises(RefusedError) as error:
        renamed(question(place, files, environ or {}), new)
    return str(error.value)


SERVICE = """\
x-needs: &needs
  depends_on: [db]
services:
  web:
    <<: *needs
    image: nginx
    links: ["db:database"]
    environment: {DATABASE_URL: "postgres://shop@db/shop", DB_NAME: db}
  job:
    image: busybox
    depends_on:
      "db": {condition: service_started}
    network_mode: "service:db"
    profiles: [jobs]
  d|b:
    image: postgres:17
"""


def test_a_service_is_renamed_wherever_it_is_named(tmp_path):
    """In an anchor once, in short and long syntax, as the host of an address, in other files."""
    part = "services: {seed: {image: x, depends_on: {db: {condition: service_started}}}}\n"
    files = {
        "compose.yaml": "include: [part/compose.yaml]\n" + SERVICE,
        "compose.override.yaml": "services: {db: {restart: always}}\n",
        "compose.prod.yaml": "services:\n  db: {volumes_from: ['db:ro']}\n",
        "part/compose.yaml": part,
    }
    found = after(tmp_path, files, "database-1")
    text = files["compose.yaml"].replace("|", "").replace("DB_NAME: db", "DB_NAME: @")
    for mention in ("[db]", '"db:', "@db/", '"db"', "service:db", "  db:"):
        assert mention in text
        text = text.replace(mention, mention.replace("db", "database-1"))
    assert found["compose.yaml"] == text.replace("DB_NAME: @", "DB_NAME: db")
    assert found["compose.override.yaml"] == "services: {database-1: {restart: always}}\n"
    prod = "services:\n  database-1: {volumes_from: ['database-1:ro']}\n"
    assert found["compose.prod.yaml"] == prod
    assert found["part/compose.yaml"] == part.replace("{db:", "{database-1:")


@pytest.mark.parametrize(
    ("before", "then"),
    [
        pytest.param("secrets: [pw]", "secrets: [{source: key, target: pw}]", id="in brackets"),
        pytest.param(
            'secrets:\n      - "pw"', "secrets:\n      - {source: key, target: pw}", id="in a list"
        ),
        pytest.param(
            "secrets:\n      - source: pw\n        mode: 0400",
            "secrets:\n      - source: key\n        target: pw\n        mode: 0400",
            id="long syntax",
        ),
        pytest.param(
            "secrets: [{source: 'pw', mode: 0400}]",
            "secrets: [{source: 'key', target: pw, mode: 0400}]",
            id="long syntax in braces",
        ),
        pytest.param(
            "secrets: [{source: pw, target: x}]",
            "secrets: [{source: key, target: x}]",
            id="with a target",
        ),
    ],
)
def test_a_secret_stays_the_same_file_in_the_container(tmp_path, before, then):
    text = f"services:\n  web:\n    image: x\n    {before}\nsecrets:\n  pw|: {{file: ./pw}}\n"
    found = after(tmp_path, {"compose.yaml": text}, "key")
    expected = text.replace(before, then).replace("pw|:", "key:")
    assert found == {"compose.yaml": expected}


NETWORK = "services: {a: {image: x, networks: [@]}}\nnetworks: {@: }\n"
ALIAS = "services: {a: {image: x, networks: {@: {aliases: [old]}}}}\nnetworks: {@: }\n"
VOLUME = "services: {a: {image: x, volumes: ['@:/old']}}\nvolumes: {@: {name: old}}\n"
EXTERNAL = """\
services: {a: {image: x, volumes: [{type: volume, source: @, target: /old}, "./old:/y"]}}
volumes: {@: {external: true, name: old}}
"""
CONFIG = """\
services: {a: {image: x, configs: [{source: @, target: /old}]}}
configs: {@: {content: old}}
"""


@pytest.mark.parametrize("text", [NETWORK, ALIAS, VOLUME, EXTERNAL, CONFIG])
@pytest.mark.parametrize("number", [1, 2])
def test_a_resource_is_renamed_and_what_only_looks_like_it_is_not(tmp_path, text, number):
    """Asked where it is used, and where it is defined."""
    pieces = text.split("@")
    asked = "old".join(pieces[:number]) + "o|ld" + "old".join(pieces[number:])
    assert after(tmp_path, {"compose.yaml": asked}, "new") == {
        "compose.yaml": text.replace("@", "new")
    }


def test_a_variable_is_renamed_in_env_files_too(tmp_path):
    files = {
        "compose.yaml": "services:\n"
        "  web:\n"
        "    image: nginx:${TAG:-1}\n"
        "    environment: {A: 'TAG ${TA|G} $TAG $$TAG ${TAGS} ${OTHER:-$TAG}', TAG: 'x'}\n"
        "    env_file: [app.env]\n"
        "secrets: {s: {environment: TAG}}\n",
        ".env": "# TAG=0\nexport TAG=1\nTAGS=2\nNAME=x-${TAG}\n",
        ".env.example": "TAG=\nTAGS=\n",
        "app.env": "TAG=own\nIMAGE=nginx:${TAG}\n",
    }
    found = after(tmp_path, files, "VERSION")
    compose = files["compose.yaml"].replace("|", "")
    for use in ("${TAG:-1}", " ${TAG} ", " $TAG ", "-$TAG}", "environment: TAG}"):
        assert use in compose
        compose = compose.replace(use, use.replace("TAG", "VERSION"))
    assert found == {
        "compose.yaml": compose,
        ".env": "# VERSION=0\nexport VERSION=1\nTAGS=2\nNAME=x-${VERSION}\n",
        ".env.example": "VERSION=\nTAGS=\n",
        "app.env": "TAG=own\nIMAGE=nginx:${VERSION}\n",
    }


ONE = "services:\n  web:\n    image: x\n"
REFUSALS = {
    "a name that another one has": (SERVICE, "web", "there is a service 'web' already"),
    "a name that is none": (SERVICE, "a b", "'a b' is not a valid name of a service"),
    "a name that YAML reads as something else": (SERVICE, "yes", "not a valid name"),
    "an external network": (
        f"{ONE}    networks: [|front]\nnetworks: {{front: {{external: true}}}}\n",
        "back",
        "network 'front' is external",
    ),
    "a volume whose data would stay behind": (
        f"{ONE}    volumes: ['da|ta:/x']\nvolumes: {{data: }}\n",
        "files",
        "the data would stay in",
    ),
    "the network of those that name none": (
        f"{ONE}networks: {{de|fault: {{driver: bridge}}}}\n",
        "x",
        "is the one of services that name none",
    ),
    "a secret that a Dockerfile knows": (
        "services:\n  a:\n    build: {context: ., secrets: [pw]}\nsecrets: {|pw: {file: x}}\n",
        "other",
        "a Dockerfile knows secret 'pw'",
    ),
    "a service that is a host among other words": (
        SERVICE.replace("shop@db/shop", "db@db/db"),
        "other",
        "as the name of a host among other words",
    ),
    "no name at all": (
        f"{ONE}    restart: al|ways\n",
        "other",
        "what is here does not name a service",
    ),
    "a variable that a container is given by its name": (
        f"{ONE}    environment: [TAG]\n    user: ${{T|AG:-x}}\n",
        "Y",
        "a container is given it under this name",
    ),
    "a variable of Docker's own": (f"{ONE}    user: ${{DOCKER_|X:-x}}\n", "Y", "known to Docker"),
    "a variable with the name of another": (
        f"{ONE}    user: '${{T|AG:-x}}$OTHER'\n",
        "OTHER",
        "there is a variable 'OTHER' already",
    ),
    "a name of a variable that is none": (
        f"{ONE}    user: ${{T|AG:-x}}\n",
        "A-B",
        "is not a valid name of a variable",
    ),
}


@pytest.mark.parametrize(("text", "new", "reason"), REFUSALS.values(), ids=REFUSALS)
def test_it_is_refused_where_it_would_not_be_safe(tmp_path, text, new, reason):
    assert reason in refusal(tmp_path, {"compose.yaml": text}, new)


def test_it_is_refused_where_something_else_knows_the_name(tmp_path):
    shell = {"TAG": "7"}
    files = {"compose.yaml": f"{ONE}    user: ${{T|AG:-x}}\n"}
    assert "is set in the shell" in refusal(tmp_path / "a", make(tmp_path / "a", files), "Y", shell)
    files = {"compose.yaml": f"{ONE}    user: ${{T|AG}}\n    env_file: .env\n", ".env": "TAG=1\n"}
    assert "by its env_file" in refusal(tmp_path / "b", make(tmp_path / "b", files), "Y")
    base = "services:\n  base:\n    image: x\n    volumes: ['data:/x']\n"
    text = (
        "services:\n  a: {extends: {file: base.yaml, service: base}}\nvolumes: {da|ta: {name: d}}\n"
    )
    files = {"compose.yaml": text, "base.yaml": base}
    assert "in a base that others may extend" in refusal(
        tmp_path / "c", make(tmp_path / "c", files), "other"
    )
    nginx = "server { location / { proxy_pass http://api:3000; } }\n"
    text = (
        "services:\n  a|pi: {image: x}\n  web:\n    image: nginx:1.27\n"
        "    volumes: ['./nginx.conf:/etc/nginx/conf.d/default.conf:ro']\n"
    )
    files = {"compose.yaml": text, "nginx.conf": nginx}
    assert "nginx.conf:1" in refusal(tmp_path / "d", make(tmp_path / "d", files), "other")
    files = {"compose.yaml": SERVICE, "compose.prod.yaml": "services: {db: [\n"}
    assert "'compose.prod.yaml' cannot be read" in refusal(
        tmp_path / "e", make(tmp_path / "e", files), "other"
    )


def make(place: Path, files: Mapping[str, str]) -> Mapping[str, str]:
    place.mkdir()
    return files


def test_an_anchor_that_is_more_than_a_name_is_not_renamed(tmp_path):
    """The proof sees it: a variable would be called otherwise as well."""
    text = f"{ONE}    networks: &n {{back: }}\n    environment: *n\nnetworks: {{ba|ck: }}\n"
    reason = refusal(tmp_path, {"compose.yaml": text}, "front")
    assert "more would change than the name" in reason


def test_the_place_of_the_name_alone_is_told(tmp_path):
    found = named_at(question(tmp_path, {"compose.yaml": SERVICE}, {}))
    assert (found.kind, found.name) == ("service", "db")
    assert (found.span.line, found.span.column, found.span.end_column) == (15, 3, 5)
