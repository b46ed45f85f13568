"""Mails and webhook calls -> one JSON line each on standard output. Runs in a container.

usage: sink.py CERTIFICATE KEY

SMTP on port 2525 with STARTTLS and AUTH PLAIN, HTTP on port 8080. Of a password only its SHA-256 is
printed: the test compares it with the secret's.
"""

from __future__ import annotations

import base64
import hashlib
import json
import socketserver
import ssl
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

ONE_AT_A_TIME = threading.Lock()


def tell(**what: Any) -> None:
    with ONE_AT_A_TIME:  # `print` writes a text and its line end one after the other
        print(json.dumps(what), flush=True)


class Mail(socketserver.StreamRequestHandler):
    """One SMTP session, as far as Alertmanager needs it (RFC 5321, 3207 and 4954)."""

    encrypted = False
    password = ""

    def handle(self) -> None:
        self.say("220 sink")
        while line := self.rfile.readline().decode().strip():
            word = line.split()[0].upper()
            if word == "QUIT":
                self.say("221 bye")
                return
            getattr(self, f"on_{word.lower()}", self.on_other)(line)

    def say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())

    def on_other(self, _line: str) -> None:
        self.say("250 ok")

    def on_ehlo(self, _line: str) -> None:
        more = "250 AUTH PLAIN" if self.encrypted else "250 STARTTLS"
        self.say(f"250-sink\r\n{more}")

    def on_starttls(self, _line: str) -> None:
        self.say("220 go on")
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(sys.argv[1], sys.argv[2])
        self.connection = context.wrap_socket(self.connection, server_side=True)
        self.rfile, self.wfile = self.connection.makefile("rb"), self.connection.makefile("wb", 0)
        self.encrypted = True

    def on_auth(self, line: str) -> None:
        secret = base64.b64decode(line.split()[2]).split(b"\0")[2]
        self.password = hashlib.sha256(secret).hexdigest()
        self.say("235 welcome")

    def on_data(self, _line: str) -> None:
        self.say("354 go on")
        lines = iter(lambda: self.rfile.readline().decode().rstrip("\r\n"), ".")
        tell(kind="mail", password=self.password, text="\n".join(lines))
        self.say("250 taken")


class Hook(BaseHTTPRequestHandler):
    """Takes what is posted."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        path = hashlib.sha256(self.path.encode()).hexdigest()
        tell(kind="hook", path=path, text=body)
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"ok")

    def log_message(self, *_: Any) -> None:
        """Say nothing but the JSON lines."""


if __name__ == "__main__":
    server = socketserver.ThreadingTCPServer(("", 2525), Mail)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    ThreadingHTTPServer(("", 8080), Hook).serve_forever()
