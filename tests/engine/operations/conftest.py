"""One core stack for all files of this directory, in their order; its alerts reach a sink."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from core_stack import DOMAIN, PROBED, Stack, prepared_stack, run, sink_name, until
from engine_support import require_compose

HERE = Path(__file__).parent
SOONER = {
    "prometheus/rules.yml": (r"for: \d+[sm]", "for: 10s"),
    "alertmanager/alertmanager.yml": (r"group_interval: 1m", "group_interval: 10s"),
}
"""What is told after a minute is told after some seconds; who is told of what, and how, stays."""


@pytest.fixture(scope="package")
def stack() -> Iterator[Stack]:
    with prepared_stack() as made:
        _aim_alerts_at_the_sink(made)
        with _sink(made):
            started = time.monotonic()
            made.compose(require_compose(5), "up", "-d", "--wait", "--wait-timeout", "240")
            print(f"boot: {time.monotonic() - started:.0f} s")
            create = "CREATE TABLE IF NOT EXISTS written (number int); SELECT 1"
            until(lambda: made.psql(5000, create) == "1", 60)
            yield made


def _aim_alerts_at_the_sink(stack: Stack) -> None:
    stack.set("SMTP_SMARTHOST", f"mail.{DOMAIN}:2525")
    hook = stack.directory / "secrets/slack_webhook.txt"
    hook.write_text(f"http://mail.{DOMAIN}:8080/{hook.read_text().rpartition('/')[2]}")
    for name, (known, sooner) in SOONER.items():
        path = stack.directory / "infra/06-observability" / name
        text, count = re.subn(known, sooner, path.read_text())
        assert count, name
        path.write_text(text)
    services: dict[str, dict[str, object]] = {
        name: {"healthcheck": {"interval": interval}} for name, interval in PROBED.items()
    }
    # Alertmanager checks the mail server's certificate: the local CA has signed that as well.
    services["alertmanager"] |= {
        "environment": {"SSL_CERT_FILE": "/sink/rootCA.pem"},
        "volumes": ["./secrets/certs/rootCA.pem:/sink/rootCA.pem:ro"],
    }
    stack.override(services)


@contextmanager
def _sink(stack: Stack) -> Iterator[None]:
    """Run the sink in the stack's network, which Compose takes over when it comes."""
    certificates = stack.directory / "secrets/certs"
    (stack.directory / "sink").mkdir()
    for name in ("cert.pem", "key.pem"):
        (stack.directory / "sink" / name).write_bytes((certificates / name).read_bytes())
    compose = require_compose(5)
    stack.compose(compose, "up", "--no-start", "--no-deps", "alertmanager")
    network = f"{stack.project}_alerts_net"
    image = json.loads(stack.compose(compose, "config", "--format", "json").stdout)["services"]
    options = ["--name", sink_name(stack), "--network", network]
    options += ["--network-alias", f"mail.{DOMAIN}", "-v", f"{HERE}/sink.py:/sink.py:ro"]
    options += ["-v", f"{stack.directory}/sink:/sink:ro", "--entrypoint", "python3"]
    program = ["-u", "/sink.py", "/sink/cert.pem", "/sink/key.pem"]
    run(["docker", "run", "-d", *options, image["patroni1"]["image"], *program])
    try:
        yield
    finally:
        run(["docker", "rm", "-f", sink_name(stack)])
