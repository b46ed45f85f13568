"""What `prepare` creates has the right kind: file or directory, a number, half of a key pair."""

from __future__ import annotations

from pathlib import Path

import pytest

from bootready.apply.secrets.keys import public_key
from bootready.cli import run
from bootready.host.recorded import RecordedHost
from bootready.knowledge.paths import PathKind, kind_of_missing


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    directory = tmp_path / "shop"
    directory.mkdir()
    return directory


def prepare(project: Path, *more: str) -> int:
    return run(["prepare", "-C", str(project), "--engine", "none", *more])


def with_mounts(project: Path, *mounts: str) -> None:
    lines = "".join(f"      - {mount}\n" for mount in mounts)
    text = f"services:\n  app:\n    image: example.test/app:1\n    volumes:\n{lines}"
    (project / "compose.yaml").write_text(text)


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("Caddyfile", "/etc/caddy/Caddyfile"),
        (".htpasswd", "/etc/nginx/.htpasswd"),
        ("id_rsa", "/root/.ssh/id_rsa"),
        ("crontab", "/etc/crontab"),
        ("nginxpasswd", "/etc/nginx/passwords"),
        ("nginx.conf", "/etc/nginx/nginx.conf"),
        ("my-entrypoint", "/usr/local/bin/start"),
        ("settings", "/app/settings.json"),
        ("site.cert", "/tls/site"),
    ],
)
def test_a_file_is_never_created_as_a_directory(source, target):
    assert kind_of_missing(RecordedHost({}), f"/p/{source}", target, "/p") is PathKind.FILE


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("conf.d", "/etc/nginx/conf.d"),
        ("rules.d", "/rules"),
        ("data", "/var/lib/postgresql/data"),
        ("app.data", "/var/lib/app"),
        (".config", "/home/app/.config"),
        ("letsencrypt", "/letsencrypt"),
        ("db.backup", "/backups"),
        ("acme", "/etc/acme.sh"),
    ],
)
def test_a_directory_may_have_a_dot(source, target):
    assert kind_of_missing(RecordedHost({}), f"/p/{source}", target, "/p") is PathKind.DIRECTORY


@pytest.mark.parametrize(
    "source",
    ["/dev/dri", "/lib/modules", "/var/run/docker.sock", "/tmp/.X11-unix", "/run/user/1000/pulse"],
)
def test_what_the_machine_has_is_never_created(source):
    assert kind_of_missing(RecordedHost({}), source, source, "/p") is PathKind.MACHINE


def test_directories_are_created_and_files_come_from_their_examples(project, capsys):
    (project / "nginx.conf.example").write_text("events {}\n")
    (project / "app.sample.yml").write_text("a: 1\n")
    with_mounts(
        project,
        "./Caddyfile:/etc/caddy/Caddyfile",
        "./conf.d:/etc/nginx/conf.d",
        "./nginx.conf:/etc/nginx/nginx.conf",
        "./app.yml:/app.yml",
        "./acme.json:/acme.json",
        "./.htpasswd:/etc/nginx/.htpasswd",
    )
    assert prepare(project) == 0
    assert not (project / "Caddyfile").exists()
    assert (project / "conf.d").is_dir()
    assert (project / "nginx.conf").read_text() == "events {}\n"
    assert (project / "app.yml").read_text() == "a: 1\n"
    assert (project / "acme.json").stat().st_mode & 0o777 == 0o600
    assert (project / ".htpasswd").read_text().startswith("admin:$2b$")
    capsys.readouterr()
    run(["check", "-C", str(project), "--engine", "none"])
    assert "restore ./Caddyfile" in capsys.readouterr().out


def with_secrets(project: Path, **files: str) -> None:
    names = ", ".join(files)
    lines = "".join(f"  {name}: {{file: ./{file}}}\n" for name, file in files.items())
    (project / "compose.yaml").write_text(
        f"services:\n  app:\n    image: example.test/app:1\n    user: '0'\n"
        f"    secrets: [{names}]\nsecrets:\n{lines}"
    )


def test_secret_files_are_what_their_names_say(project):
    with_secrets(
        project,
        UID="s/UID",
        admin_email="s/admin_email",
        domain="s/domain",
        postgres_db="s/postgres_db.txt",
        port="s/port.txt",
        redis_conf="s/redis.conf",
        accounts="s/service_tokens",
        mcp="s/.mcp.env",
        dh="s/dhparam.pem",
        token="s/token",
        id_pub="s/id_rsa.pub",
        one="s/tls/server.crt",
        two="s/tls/server.key",
        three="s/oidc_client_id",
    )
    prepare(project)
    made = {path.name: path.read_text() for path in (project / "s").iterdir()}
    assert "bootready-placeholder" in made.pop("oidc_client_id")
    assert made["UID"].isdigit()
    assert "@" in made["admin_email"]
    assert made["domain"] == "localhost"
    assert made["postgres_db.txt"] == "app"
    assert len(made["token"]) == 43
    assert made.keys() == {"UID", "admin_email", "domain", "postgres_db.txt", "token"}


def test_the_halves_of_a_key_pair_belong_together(project):
    with_secrets(
        project,
        JWT_PUBLIC_KEY="s/JWT_PUBLIC_KEY",
        JWT_PRIVATE_KEY="s/JWT_PRIVATE_KEY",
        vapid_public="s/vapid_public",
        vapid_private="s/vapid_private",
        ssh_host_ed25519_key="s/ssh_host_ed25519_key",
    )
    assert prepare(project) == 0
    made = {path.name: path.read_bytes() for path in (project / "s").iterdir()}
    assert public_key(made["JWT_PRIVATE_KEY"]) == made["JWT_PUBLIC_KEY"]
    assert public_key(made["vapid_private"]) == made["vapid_public"]
    assert made["ssh_host_ed25519_key"].startswith(b"-----BEGIN OPENSSH PRIVATE KEY-----\n")


def test_the_file_tells_what_a_secret_is_whose_name_does_not(project, capsys):
    with_secrets(
        project,
        one="s/JWT_PUBLIC_KEY",
        two="s/JWT_PRIVATE_KEY",
        three="s/id_rsa",
        four="s/id_rsa.pub",
        five="s/htpasswd",
        six="s/ACCESS_TOKEN_PRIVATE_KEY",
        seven="s/UID",
    )
    assert prepare(project) == 0
    assert "./s/UID  create, 1 line" in capsys.readouterr().err
    made = {path.name: path.read_bytes() for path in (project / "s").iterdir()}
    assert public_key(made["JWT_PRIVATE_KEY"]) == made["JWT_PUBLIC_KEY"]
    assert public_key(made["id_rsa"]) == made["id_rsa.pub"]
    assert made["id_rsa.pub"].startswith(b"ssh-")
    assert made["htpasswd"].startswith(b"admin:$2b$")
    assert made["ACCESS_TOKEN_PRIVATE_KEY"].startswith(b"-----BEGIN PRIVATE KEY-----")


def test_a_directory_belongs_to_who_mounts_it_itself(project, capsys):
    """Not to who mounts one above it, nor to an image of which nobody knows the user."""
    (project / "compose.yaml").write_text(
        "services:\n"
        "  search:\n    image: docker.elastic.co/elasticsearch/elasticsearch:8.15.0\n"
        "    volumes: ['./data/search:/usr/share/elasticsearch/data']\n"
        "  backup:\n    image: example.test/backup:1\n    user: '4000:4000'\n"
        "    volumes: ['./data:/backup']\n"
        "  reader:\n    image: example.test/reader:1\n    volumes: ['./data/search:/search']\n"
    )
    assert prepare(project, "--dry-run") == 0
    lines = capsys.readouterr().out.splitlines()
    owners = {line.split()[2]: line.partition("owner ")[2].split()[:1] for line in lines}
    assert owners == {"./data": ["4000:4000"], "./data/search": ["1000:0"]}
