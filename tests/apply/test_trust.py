"""An authority is put into a machine's store on request only, and taken out again."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from bootready.apply.certificates.authority import described, new_authority
from bootready.apply.certificates.trust import (
    MACOS,
    STORES,
    find_store,
    install_trust,
    remove_trust,
)
from bootready.apply.undo import undo
from bootready.errors import BootreadyError

PEM = new_authority(("shop.test",)).pem
MARK = described(PEM).fingerprint


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "shop" / ".git").mkdir(parents=True)
    (tmp_path / "shop" / "rootCA.pem").write_bytes(PEM)
    return tmp_path / "shop"


@pytest.mark.parametrize("store", [*STORES, MACOS], ids=lambda store: store.system)
def test_each_system_is_told_with_its_own_program(project, tmp_path, store):
    ran: list[tuple[str, ...]] = []

    def run(argv):
        ran.append(tuple(argv))
        return 0

    anchors = tmp_path / "anchors"
    anchors.mkdir()
    here = store._replace(directory=str(anchors))
    path = install_trust(str(project), str(project / "rootCA.pem"), MARK, here, run)
    assert Path(path).read_bytes() == PEM
    install_trust(str(project), str(project / "rootCA.pem"), MARK, here, run)
    assert [entry.name for entry in anchors.iterdir()] == [Path(path).name]
    commands = {
        "Debian": (("update-ca-certificates",), ("update-ca-certificates", "--fresh")),
        "Fedora": (("update-ca-trust", "extract"), ("update-ca-trust", "extract")),
        "macOS": (
            ("security", "add-trusted-cert", "-d", "-r", "trustRoot", "-k",
             "/Library/Keychains/System.keychain", path),
            ("security", "remove-trusted-cert", "-d", path),
        ),
    }[store.system]  # fmt: skip
    assert ran == [commands[0], commands[0]]
    if store is not MACOS:
        undone = undo(str(project), remove_trust=lambda one: remove_trust(one, here, run))
        assert path in undone.removed
        assert ran[2] == commands[1]
        assert list(anchors.iterdir()) == []
    assert not remove_trust("/etc/passwd", here, run)


def test_a_private_key_is_never_put_into_a_store(project, tmp_path):
    (project / "key.pem").write_text("-----BEGIN PRIVATE KEY-----")
    store = STORES[0]._replace(directory=str(tmp_path))
    with pytest.raises(BootreadyError, match="is not a certificate"):
        install_trust(str(project), str(project / "key.pem"), MARK, store, lambda _argv: 0)


def test_the_store_is_found_by_its_directory():
    assert find_store("linux", lambda path: path == STORES[1].directory).system == "Fedora"
    assert find_store("darwin").system == "macOS"
    with pytest.raises(BootreadyError, match="no known certificate store"):
        find_store("linux", lambda _path: False)


SCRIPT = """\
set -e
mount -t tmpfs tmpfs /usr/local/share/ca-certificates
cp -a /etc/ssl "$1/ssl"
mount --bind "$1/ssl" /etc/ssl
"$0" -m bootready certs -C "$1/shop" --install-trust --yes
openssl verify -CApath /etc/ssl/certs "$1/shop/certs/cert.pem"
"$0" -m bootready certs -C "$1/shop" --remove-trust
! openssl verify -CApath /etc/ssl/certs "$1/shop/certs/cert.pem" 2>/dev/null
"""


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root: a mount namespace of its own")
@pytest.mark.slow
def test_debian_trusts_the_authority_and_forgets_it_again(tmp_path):
    """In a mount namespace: the store of this machine is never touched."""
    tools = ("unshare", "update-ca-certificates", "openssl")
    if not all(map(shutil.which, tools)):
        pytest.skip(f"needs {', '.join(tools)}")
    if subprocess.run(["unshare", "-m", "true"], capture_output=True, check=False).returncode:
        pytest.skip("needs mount namespaces, which this machine forbids")
    shop = tmp_path / "shop"
    shop.mkdir()
    text = "services: {web: {image: a, user: '0', volumes: ['./certs:/certs:ro']}}\n"
    (shop / "compose.yaml").write_text(text)
    environ = {**os.environ, "HOME": str(tmp_path)}
    prepare = [sys.executable, "-m", "bootready", "prepare", "-C", str(shop), "--engine", "none"]
    subprocess.run(prepare, env=environ, check=True, capture_output=True)
    command = ["unshare", "-m", "bash", "-c", SCRIPT, sys.executable, str(tmp_path)]
    done = subprocess.run(command, env=environ, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
