"""`bootready certs`: which certificates there are; on request, trust in their authority."""

from __future__ import annotations

import os
import time

from bootready.cli.words.consent import agreed
from bootready.cli.words.options import Parser, add_project_options, request_from
from bootready.errors import BootreadyError
from bootready.model.fact import CertificateFact
from bootready.model.lookup import shown
from bootready.model.printable import printable, safe_json
from bootready.model.request import Request
from bootready.pipeline.certs import (
    CertificateState,
    certificates_of,
    distrust,
    trust,
    trustworthy,
)

EXAMPLES = """examples:
  bootready certs                         names, expiry, issuer and problems
  sudo bootready certs --install-trust    make this machine trust the local authority
  sudo bootready certs --remove-trust     undo that
"""


def run(arguments: list[str]) -> int:
    """Show the certificates; 0 all fit, 1 a problem. The options for trust change the machine."""
    from argparse import RawDescriptionHelpFormatter

    parser = Parser(
        prog="bootready certs",
        description="Show the certificates of the project. Nothing is changed unless you ask for"
        " it.",
        epilog=EXAMPLES,
        formatter_class=RawDescriptionHelpFormatter,
    )
    parser.add_argument("--json", action="store_true", help="as JSON on standard output")
    group = parser.add_mutually_exclusive_group()
    group.add_argument(
        "--install-trust",
        action="store_true",
        help="add the authority to this machine's trust store (Debian, Fedora, macOS)",
    )
    group.add_argument("--remove-trust", action="store_true", help="remove it from the trust store")
    parser.add_argument("--yes", action="store_true", help="trust it without asking")
    add_project_options(parser)
    options = parser.parse_args(arguments)
    request = request_from(options)
    if options.install_trust:
        return _install(request, assume_yes=options.yes)
    if options.remove_trust:
        paths = distrust(request, os.environ)
        for path in paths:
            print(f"removed: {path}")
        if not paths:
            print("nothing to remove")
        return 0
    directory, states = certificates_of(request, os.environ)
    if options.json:
        print(safe_json([_row(one, directory) for one in states]))
    else:
        print("\n\n".join(_text(one, directory) for one in states) or "no certificates are used")
    return 1 if any(one.problems for one in states) else 0


def _install(request: Request, *, assume_yes: bool) -> int:
    """Show what is to be trusted, ask, and install it."""
    directory, authorities = trustworthy(request, os.environ)
    for one in authorities:
        print(f"{printable(shown(one.path, directory))}  created by {one.source}")
        print(f"  subject      {printable(one.subject)}")
        print(f"  SHA-256      {one.fingerprint}")
        print(f"  may sign for {', '.join(map(printable, one.constraints))}")
    if not (assume_yes or agreed("make every program of this machine trust it?")):
        raise BootreadyError("nothing was trusted", "answer `y`, or use --yes")
    for path in trust(directory, authorities):
        print(f"trusted: {path}; `bootready certs --remove-trust` removes it")
    return 0


def _text(state: CertificateState, directory: str) -> str:
    lines = [f"{shown(state.directory, directory)}  for {', '.join(state.services)}"]
    if state.leaf:
        lines += [
            f"  subject    {state.leaf.subject}",
            f"  names      {', '.join(state.leaf.names)}",
            f"  usage      {', '.join(state.leaf.usages)}",
            f"  expires    {_expiry(state.leaf, state.now)}",
            f"  issuer     {state.leaf.issuer}",
        ]
    if state.key:
        lines.append(f"  key        {state.key}")
    if state.authority:
        where = shown(state.caroot, directory) if state.caroot else "its key is not on this machine"
        lines.append(f"  authority  until {_date(state.authority.not_after)}, {where}")
    lines += [f"  problem    {message}" for message in state.problems]
    return "\n".join(map(printable, lines))


def _expiry(fact: CertificateFact, now: float) -> str:
    return f"{_date(fact.not_after)} (in {int(fact.not_after - now) // 86400} days)"


def _date(seconds: float) -> str:
    return time.strftime("%Y-%m-%d", time.gmtime(seconds))


def _row(state: CertificateState, directory: str) -> dict[str, object]:
    leaf = state.leaf
    return {
        "directory": shown(state.directory, directory),
        "services": list(state.services),
        "subject": leaf.subject if leaf else None,
        "names": list(leaf.names) if leaf else [],
        "usages": list(leaf.usages) if leaf else [],
        "expires": _date(leaf.not_after) if leaf else None,
        "issuer": leaf.issuer if leaf else None,
        "wanted": list(state.wanted),
        "authority": shown(state.caroot, directory) or None,
        "problems": list(state.problems),
    }
