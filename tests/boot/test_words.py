"""The tables of words: every row knows its own line, says where it was seen, and ends."""

import re
from pathlib import Path

import pytest

from bootready.boot.diagnose.reading import read_log
from bootready.boot.diagnose.signatures import matches, recognise, words_with
from bootready.knowledge.words.known import kinds, known_rows
from bootready.knowledge.words.rows import filled, rows_of
from bootready.knowledge.words.template import TYPES, Template
from bounds.degrees import degree

ROWS = known_rows()
READ = 300
"""Rows of which the words were read in the program's own source; it may only grow."""
HEALTHY = sorted((Path(__file__).parent / "words" / "healthy").glob("*.log"))


def test_there_are_rows_for_what_people_run():
    ids = [row.id for row in ROWS]
    assert len(ids) == len(set(ids))
    assert len(ids) >= 300
    assert {row.kind for row in ROWS} == set(kinds())


def test_every_row_says_where_its_line_was_seen():
    assert [row.id for row in ROWS if not row.line or len(row.seen) < 4] == []


def test_what_was_read_in_a_source_is_named_exactly():
    """A commit or a version and a path, so that anybody can look; the others are from memory."""
    place = re.compile(
        r"[\w.-]+/[\w.-]+@[0-9a-f]{40} [^\s:]+|debian:[a-z0-9.+-]+@[0-9][\w.+~:-]+ [^\s:]+"
    )
    places = {row.id: row.read for row in ROWS if row.read}
    assert {
        row: found for row, found in places.items() if not all(map(place.fullmatch, found))
    } == {}
    assert len(places) >= READ


def test_every_row_knows_its_own_line_best():
    words = words_with()
    best = {row.id: matches(row.line, words=words)[:1] for row in ROWS}
    assert {row: [one.id for one in found] for row, found in best.items()} == {
        row: [row] for row in best
    }
    slot = re.compile(r"\{(?:" + "|".join(TYPES) + r")\}")
    for (found,) in best.values():
        assert slot.search(found.cause + found.remedy) is None, found


def test_every_template_ends():
    """However long the line and whatever is in it: its time is that of the line's length, squared
    at most, as `bounds/degrees.py` tells from its parts.
    """
    parts = {part for row in ROWS for template in row.says for part in template.parts}
    assert [part for part in parts if degree(part, re.IGNORECASE) > 1] == []
    assert [name for name, (part, _) in TYPES.items() if degree(part) > 1] == []


@pytest.mark.parametrize(
    ("line", "host"),
    [
        ("php_network_getaddresses: getaddrinfo for db failed: Name unknown", "db"),
        ("getaddrinfo failed: Temporary failure in name resolution", None),
        ("failed to lookup address information: Name or service not known", None),
        ("dial tcp: lookup redis.shop on 127.0.0.11:53: no such host", "redis.shop"),
        ("Error: getaddrinfo ENOTFOUND database", "database"),
        ("java.net.UnknownHostException: server: Name or service not known", "server"),
        ('could not translate host name "in" to address: unknown', "in"),
        ("socket.gaierror: [Errno -2] Name or service not known", None),
        ("tcp connect (db:5432): non-existing domain - :nxdomain", "db"),
        ("Could not resolve host: api.shop; Unknown error", "api.shop"),
        ("SocketException (00000001, 11): Resource temporarily unavailable", None),
    ],
)  # fmt: skip
def test_only_names_are_hosts(line, host):
    found = recognise([line], dead=True)
    assert found is not None
    assert found.kind == "unknown-host"
    assert found.values.get("host") == host


@pytest.mark.parametrize(
    ("line", "kind", "variable"),
    [
        ("/x.sh: line 35: KAFKA_ROLES: unbound variable", "variable-missing", "KAFKA_ROLES"),
        ("Environment variable not found: DATABASE_URL.", "variable-missing", "DATABASE_URL"),
        ("The SECRET_KEY setting must not be empty.", "variable-missing", "SECRET_KEY"),
        ("FATAL: JWT_SECRET must be at least 32 characters", "secret-format", "JWT_SECRET"),
        ("invalid value for LOG_LEVEL: 'inof'", "variable-invalid", "LOG_LEVEL"),
    ],
)  # fmt: skip
def test_the_variable_is_named(line, kind, variable):
    found = recognise([line], dead=True)
    assert found is not None
    assert (found.kind, found.variable) == (kind, variable)


def test_a_refusal_by_the_container_itself_is_told_from_that_of_a_service():
    for line in (
        "Error: connect ECONNREFUSED 127.0.0.1:5432",
        "org.postgresql.util.PSQLException: Connection to localhost:5432 refused.",
        'connection to server at "localhost" (::1), port 5432 failed: Connection refused',
    ):
        found = recognise([line], dead=True)
        assert found is not None
        assert "the container itself" in found.cause


def test_the_line_that_tells_is_quoted_and_not_what_follows_from_it():
    log = [
        "A server is already running. Check /app/tmp/pids/server.pid.",
        "Exiting",
    ]
    found = recognise(log, dead=True)
    assert found is not None
    assert found.line == log[0]
    log = [
        'Caused by: org.postgresql.util.PSQLException: FATAL: database "shop" does not exist',
        "org.hibernate.HibernateException: Unable to determine Dialect without JDBC metadata",
        "o.s.boot.SpringApplication : Application run failed",
    ]
    found = recognise(log, dead=True)
    assert found is not None
    assert found.values["database"] == "shop"


def test_the_code_of_an_error_does_not_count_beside_its_message():
    log = [
        "Error: ENOSPC: System limit for number of file watchers reached, watch '/app/src'",
        "    at FSWatcher.<computed> (node:internal/fs/watchers:247:19) {",
        "  errno: -28,",
        "  syscall: 'watch',",
        "  code: 'ENOSPC',",
    ]
    assert [one.match.kind for one in read_log(log).found] == ["inotify"]
    refused = ["Error: connect ECONNREFUSED 172.18.0.3:5432", "  code: 'ECONNREFUSED',"]
    found = recognise(refused, dead=True)
    assert found is not None
    assert found.values["address"] == "172.18.0.3:5432"
    assert read_log(["  code: 'ENOSPC',"]).found, "alone it is all that is known"


def test_a_living_program_may_say_what_it_waits_for():
    line = "connect ECONNREFUSED 172.18.0.2:5432"
    assert recognise([line], dead=True) is not None
    assert recognise([line], dead=False) is None


def test_what_a_line_does_not_say_is_left_out():
    sentence = "nothing answers[ at '{address}'] of '{host}' [kept]"
    assert filled(sentence, {"host": "db"}) == "nothing answers of 'db' [kept]"
    assert filled(sentence, {"address": "a:1"}) == "nothing answers at 'a:1' of a host [kept]"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "1 to 300"),
        ("x" * 301, "1 to 300"),
        ("{...}failed to start", "begin or end"),
        ("'{name}'", "5 fixed signs"),
        ("failed {nam}", "unknown placeholder {nam}"),
        ("failed {host}{port}", "between two"),
        ("failed } x", "single brace"),
        ("failed: {path}.conf", "takes that as well"),
        ("ab cd{...}e{...}f{...}g{...}h{...}i", "4 gaps"),
    ],
)
def test_a_template_that_is_wrong_is_refused(text, words):
    with pytest.raises(ValueError, match=re.escape(words)):
        Template(text)


def test_a_table_that_is_wrong_is_refused():
    for text, words in (
        ("titel = 'x'", "`titel`"),
        ("title = 'x'\n[[row]]\nid = 'A b'", "lower case"),
        ("title = 'x'\n[[row]]\nid = 'a'\nkind = 'none'", "unknown kind"),
        ("title = 'x'\n[[row]]\nid = 'a'\nkind = 'refused'", "`says`"),
        ("title = 'x'\n[[row]]\nid = 'a'\nkind = 'refused'\nsays = ['failed']\nstep = 1", "`step`"),
        ("title = 'x'\n[[row]]\nid = 'a'\nkind = 'refused'\nsays = 3", "list of strings"),
    ):
        with pytest.raises(ValueError, match=re.escape(words)):
            rows_of(text, kinds())


@pytest.mark.parametrize("log", HEALTHY, ids=[path.stem for path in HEALTHY])
def test_nothing_is_known_of_what_healthy_programs_write(log):
    told = read_log(log.read_text().splitlines())
    assert [(one.match.id, one.match.line) for one in told.found] == []


def test_no_remedy_touches_what_is_not_the_projects():
    """Owners and modes of the machine's files, sockets and devices are never to be changed."""
    change = re.compile(r"\b(?:chown|chmod|mkdir|rm)\b[^.;,]*(?:/(?:etc|dev|run|sys|proc|var)\b)")
    assert [row.id for row in ROWS if change.search(row.remedy)] == []
