"""The script for local certificates uses mkcert's authority if mkcert is installed, and says so."""

from __future__ import annotations

import hashlib
import os
import shlex
import shutil
import sys
from pathlib import Path

import pytest

from bootready.apply.certificates.authority import issued_by
from documents_support import make_clone, run_block

COMMAND = "bash scripts/generate-local-certs.sh --engine none"
STAND_IN = """import datetime, os, pathlib, sys
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from bootready.apply.certificates.authority import issue, load_authority
from bootready.apply.certificates.authority import new_key, private_pem
root = os.environ.get("CAROOT") or os.path.join(
    os.environ.get("XDG_DATA_HOME") or os.path.join(os.environ["HOME"], ".local/share"), "mkcert"
)
if sys.argv[1:] == ["-CAROOT"]:
    print(root)
    raise SystemExit
os.makedirs(root, exist_ok=True)
root = pathlib.Path(root)
if not (root / "rootCA.pem").exists():
    made = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mkcert stand-in")])
    now = datetime.datetime.now(datetime.timezone.utc)
    usage = dict.fromkeys(
        ("digital_signature", "content_commitment", "key_encipherment", "data_encipherment",
         "key_agreement", "crl_sign", "encipher_only", "decipher_only"), False)
    own = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name)
        .public_key(made.public_key()).serial_number(x509.random_serial_number())
        .not_valid_before(now).not_valid_after(now + datetime.timedelta(days=3650))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(x509.KeyUsage(key_cert_sign=True, **usage), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(made.public_key()), False)
        .sign(made, hashes.SHA256())
    )
    (root / "rootCA.pem").write_bytes(own.public_bytes(serialization.Encoding.PEM))
    (root / "rootCA-key.pem").write_bytes(private_pem(made))
    (root / "rootCA-key.pem").chmod(0o400)
    print("Created a new local CA", file=sys.stderr)
authority = load_authority(
    (root / "rootCA.pem").read_bytes(), (root / "rootCA-key.pem").read_bytes()
)
options = dict(zip(sys.argv[1:5:2], sys.argv[2:5:2]))
key = new_key()
pathlib.Path(options["-cert-file"]).write_bytes(issue(authority, key, tuple(sys.argv[5:])))
pathlib.Path(options["-key-file"]).write_bytes(private_pem(key))
"""
"""What mkcert does of it: getCAROOT, loadCA and makeCert in main.go and cert.go of
github.com/FiloSottile/mkcert, commit 1c1dc4ed27ed5936046b6398d39cab4d657a2d8e."""


def state(clone: Path) -> dict[str, str]:
    certificates = clone / "secrets/certs"
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in certificates.iterdir()
    }


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A fresh clone."""
    return make_clone(tmp_path / "core")


def test_mkcert_signs_where_it_is_installed(clone, tmp_path):
    programs = tmp_path / "programs"
    programs.mkdir()
    (programs / "mkcert.py").write_text(STAND_IN)
    # A path with a space is no interpreter after `#!`.
    started = shlex.join((sys.executable, str(programs / "mkcert.py")))
    (programs / "mkcert").write_text(f'#!/bin/sh\nexec {started} "$@"\n')
    (programs / "mkcert").chmod(0o755)
    source = str(Path(__file__).resolve().parents[2] / "src")
    path = {"PATH": f"{clone}/.venv/bin:{programs}:{os.environ['PATH']}"}
    command = f'export PYTHONPATH="{source}"; {COMMAND}'
    first = run_block(command, clone, path)
    root = tmp_path / "core-home/.local/share/mkcert"
    assert f"signed by mkcert's authority in {root}" in first.stderr
    certificates = clone / "secrets/certs"
    assert (certificates / "rootCA.pem").read_bytes() == (root / "rootCA.pem").read_bytes()
    assert issued_by((certificates / "cert.pem").read_bytes(), (root / "rootCA.pem").read_bytes())
    assert not (certificates / "rootCA-key.pem").exists()
    before = state(clone)
    assert "signed by mkcert's authority" in run_block(command, clone, path).stderr
    assert state(clone) == before


def test_without_mkcert_the_authority_is_our_own(clone):
    if shutil.which("mkcert"):
        pytest.skip("mkcert is installed here")
    done = run_block(COMMAND, clone)
    assert "signed by bootready's own authority in /" in done.stderr
    before = state(clone)
    run_block(COMMAND, clone)
    assert state(clone) == before
