"""Words that programs wrote in real containers -> the kind of failure that the tables know."""

from pathlib import Path

import pytest

from bootready.boot.diagnose.run import discover
from bootready.boot.diagnose.signatures import recognise

SAID = [
    (
        "cluster",
        "CRITICAL: Can't start; there is already a node named 'patroni1' running",
    ),
    (
        "authentication",
        'psql: error: FATAL:  password authentication failed for user "app"',
    ),
    (
        "tls-key",
        "failed to load X509 key pair: tls: private key does not match public key",
    ),
    (
        "authentication",
        (
            'psql: error: connection to server at "db", port 5432 failed: FATAL:  no '
            'pg_hba.conf entry for host "192.168.112.3", user "postgres", database "postgres", no '
            "encryption"
        ),
    ),
    ("permission", "cat: can't open '/run/secrets/pw': Permission denied"),
    ("is-directory", "cat: read error: Is a directory"),
    ("read-only", "touch: /data: Read-only file system"),
    ("disk-full", "dd: error writing '/small/f': No space left on device"),
    ("capability", "chown: /tmp: Operation not permitted"),
    ("exec-format", "exec /ep.sh: exec format error"),
    ("authentication", "NOAUTH Authentication required."),
]


@pytest.mark.parametrize(("kind", "line"), SAID, ids=[line[:30] for _, line in SAID])
def test_what_people_met_has_its_kind(kind, line):
    found = recognise([line], dead=True)
    assert found is not None
    assert found.kind == kind
    assert "{" not in found.cause + found.remedy


CAPTURED = sorted((Path(__file__).parent / "signatures").glob("*.log"))


@pytest.mark.parametrize("log", CAPTURED, ids=[path.stem for path in CAPTURED])
def test_what_a_real_container_wrote_is_recognised(log):
    found = recognise(log.read_text().splitlines(), dead=True)
    assert found is not None
    assert found.kind == log.stem.partition("--")[0]
    assert "{" not in found.cause + found.remedy


def test_ordinary_lines_are_nobodys():
    assert recognise(["listening on 0.0.0.0:80", "ready to accept connections"], dead=True) is None


def test_a_variable_that_the_program_has_read_is_not_one_that_it_lacks():
    """As etcd writes it for every variable at every start."""
    line = (
        '{"level":"info","msg":"recognized and used environment variable",'
        '"variable-name":"ETCD_NAME","variable-value":"etcd1"}'
    )
    assert recognise([line, 'level=info msg="required FOO_BAR is set"'], dead=True) is None


@pytest.mark.parametrize(
    ("line", "path"),
    [
        ("/bin/sh: 0: cannot open /usr/local/bin/go.sh: Permission denied", "/usr/local/bin/go.sh"),
        (
            'level=error file=/etc/p/p.yml err="open /etc/p/p.yml: permission denied"',
            "/etc/p/p.yml",
        ),
    ],
)
def test_the_file_that_is_closed_is_named_and_not_who_opens_it(line, path):
    found = recognise([line], dead=True)
    assert found is not None
    assert f"'{path}'" in found.cause


def test_every_symptom_is_named_after_its_module_and_documented():
    for entry in discover():
        assert entry.function.__module__.endswith("." + entry.id.replace("-", "_"))
        assert entry.page
        assert entry.summary
