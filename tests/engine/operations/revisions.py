"""Writes N revisions into etcd with eight clients. Runs in a node of PostgreSQL.

usage: revisions.py N
"""

from __future__ import annotations

import base64
import http.client
import json
import ssl
import sys
from concurrent.futures import ThreadPoolExecutor

CLIENTS = 8
KEYS = 100
"""Patroni, too, writes the same few keys again and again."""


def write(first: int, last: int) -> None:
    context = ssl.create_default_context(cafile="/tls/rootCA.pem")
    context.load_cert_chain("/tls/cert.pem", "/tls/key.pem")
    connection = http.client.HTTPSConnection("etcd1", 2379, context=context, timeout=30)
    value = base64.b64encode(b"x" * 500).decode()
    for number in range(first, last):
        key = base64.b64encode(b"/proof/%d" % (number % KEYS)).decode()
        body = json.dumps({"key": key, "value": value})
        connection.request("POST", "/v3/kv/put", body)
        answer = connection.getresponse()
        said = answer.read()
        if answer.status != 200:
            raise SystemExit(f"etcd: {answer.status}: {said[:200]!r}")


if __name__ == "__main__":
    share = -(-int(sys.argv[1]) // CLIENTS)
    with ThreadPoolExecutor(CLIENTS) as pool:
        for done in [pool.submit(write, n * share, (n + 1) * share) for n in range(CLIENTS)]:
            done.result()
