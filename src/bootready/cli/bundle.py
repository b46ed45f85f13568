"""`bootready bundle`: an archive for a bug report, with every secret masked."""

from __future__ import annotations

import os
import sys

from bootready.cli.words.options import Parser, add_project_options, request_from
from bootready.errors import UsageError
from bootready.model.printable import printable

EXAMPLES = """examples:
  bootready bundle                    bootready-bundle-PROJECT.tar.gz, in this directory
  bootready bundle -o report.tar.gz   under another name
  bootready bundle --list             only list its contents
"""


def run(arguments: list[str]) -> int:
    """Write the archive and return 0; UsageError where the file already exists."""
    from argparse import RawDescriptionHelpFormatter

    from bootready.pipeline.bundle import ENGINE_ERROR, bundle

    parser = Parser(
        prog="bootready bundle",
        description="Gather the evidence for a bug report, with secrets masked.",
        epilog=EXAMPLES,
        formatter_class=RawDescriptionHelpFormatter,
    )
    parser.add_argument("-o", "--output", metavar="FILE", help="the archive (.tar.gz)")
    parser.add_argument("--list", action="store_true", help="list its contents, write nothing")
    add_project_options(parser)
    options = parser.parse_args(arguments)
    name, pieces = bundle(request_from(options), os.environ)
    if options.list:
        for piece in pieces:
            print(
                f"{len(piece.text.encode(errors='backslashreplace')):>8}  {printable(piece.path)}"
            )
        return 0
    folder = f"bootready-bundle-{name}"
    target = options.output or f"{folder}.tar.gz"
    _write(target, folder, [(piece.path, piece.text) for piece in pieces])
    said = f"{len(pieces)} files, secrets masked; look through them before you share it"
    print(f"{printable(target)}: {said}")
    for piece in pieces:
        if piece.path == ENGINE_ERROR:
            words = printable(piece.text.strip())
            print(f"bootready: without the engine's part: {words}", file=sys.stderr)
    return 0


def _write(target: str, folder: str, files: list[tuple[str, str]]) -> None:
    import io
    import tarfile

    try:
        number = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise UsageError(f"'{target}' already exists", "name another with --output") from None
    except OSError as error:
        raise UsageError(f"'{target}' cannot be written: {error.strerror}") from None
    with os.fdopen(number, "wb") as file, tarfile.open(fileobj=file, mode="w:gz") as archive:
        for path, text in files:
            content = text.encode(errors="backslashreplace")
            entry = tarfile.TarInfo(f"{folder}/{path}")
            entry.size, entry.mode = len(content), 0o600
            archive.addfile(entry, io.BytesIO(content))
