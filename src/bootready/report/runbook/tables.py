"""Guide -> the text of each section of a runbook, Markdown, in one language."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from bootready.model.printable import printable, printable_lines
from bootready.report.runbook.guide import DirectoryRow, Guide, ReaderRow, SecretRow, VariableRow
from bootready.report.runbook.words import words_of

Words = Mapping[str, str]

GIB, MIB = 1024**3, 1024**2


def sections(guide: Guide, language: str = "en") -> dict[str, str]:
    """Return every section by its name, without headings, in the order of a runbook."""
    words = words_of(language)
    return {name: write(guide, words) for name, write in _SECTIONS.items()}


def whole(guide: Guide, language: str = "en") -> str:
    """Return the complete document."""
    words = words_of(language)
    lines = [f"# {words['title'].format(name=guide.name)}", words["intro"]]
    if guide.disabled:
        lines.append(words["disabled"].format(names=_names(guide.disabled)))
    for name, text in sections(guide, language).items():
        lines += [f"## {words[name]}", text]
    return "\n\n".join(lines) + "\n"


def _prerequisites(guide: Guide, words: Words) -> str:
    wish = guide.prerequisites
    compose = words["compose_any"]
    if wish.compose_reason:
        compose = words["compose_needed"].format(version=wish.compose, reason=wish.compose_reason)
    engine = ""
    if wish.engine:
        engine = words["compose_needed"].format(version=wish.engine, reason=wish.engine_reason)
    rows = [
        (words["engine"], "; ".join(filter(None, (engine, words["engine_needed"])))),
        (words["compose"], compose),
        (words["memory"], _memory(guide, words)),
        (words["ports"], _ports(wish.ports, words)),
        (words["images"], _images(wish.images, words)),
    ]
    if wish.builds:
        rows.append((words["builds"], _names(wish.builds)))
    return table((words["what"], words["needed"]), rows)


def _memory(guide: Guide, words: Words) -> str:
    wish = guide.prerequisites
    size = f"{wish.memory / GIB:.1f} GiB" if wish.memory >= GIB else f"{wish.memory // MIB} MiB"
    if not wish.memory:
        return words["memory_none"]
    if wish.unlimited:
        return words["memory_some"].format(
            memory=size, limited=wish.services - wish.unlimited, unlimited=wish.unlimited
        )
    return words["memory_all"].format(memory=size, services=wish.services)


def _ports(ports: tuple[str, ...], words: Words) -> str:
    if not ports:
        return words["ports_none"]
    low = [port for port in ports if port.split(":")[-1].split("/")[0].split("-")[0] in _LOW]
    more = f" ({words['low_ports']})" if low else ""
    return _names(port.removeprefix("*:") for port in ports) + more


_LOW = frozenset(map(str, range(1, 1024)))


def _images(images: tuple[str, ...], words: Words) -> str:
    if not images:
        return words["images_none"]
    return words["images_some"].format(count=len(images), names=_names(images))


def _boot(_guide: Guide, words: Words) -> str:
    commands = ("bootready prepare", "bootready check", "bootready up")
    return "\n".join(["```", *commands, "```"]) + f"\n\n{words['boot_text']}"


def _variables(guide: Guide, words: Words) -> str:
    if not guide.variables:
        return words["no_variables"]
    head = words["from_template"].format(template=guide.template)
    if not guide.template:
        head = words["no_template"]
    rows = [
        (_code(row.name), row.comment, _default(row, words), _names(row.used_by))
        for row in guide.variables
    ]
    titles = (words["variable"], words["meaning"], words["default"], words["used_by"])
    return f"{head}\n\n{table(titles, rows)}"


def _default(row: VariableRow, words: Words) -> str:
    if row.secret:
        return words["secret_word"]
    if row.default:
        return _code(row.default)
    if row.required:
        return words["required_word"]
    return words["no_default"] if row.default is None else words["empty"]


def _secrets(guide: Guide, words: Words) -> str:
    if not guide.secrets:
        return words["no_secrets"]
    rows: list[tuple[str, ...]] = []
    for secret in guide.secrets:
        kind = words["kind_yours"]
        if secret.origin == "file":
            kind = words.get(f"kind_{secret.kind}", secret.kind)
        start = (_code(secret.name), _source(secret, words), kind)
        groups = _grouped(secret.readers)
        if not groups:
            rows.append((*start, words["nobody"], ""))
        for services, reader in groups:
            rows.append((*start, _names(services), _user(reader, words)))
            start = ("", "", "")
    titles = ("secret", "file", "kind", "readers", "as_user")
    return table(tuple(words[title] for title in titles), rows)


def _grouped(readers: Iterable[ReaderRow]) -> list[tuple[list[str], ReaderRow]]:
    """Return services that read as the same user together."""
    groups: dict[tuple[object, ...], tuple[list[str], ReaderRow]] = {}
    for reader in readers:
        names, _ = groups.setdefault((reader.uid, reader.gids), ([], reader))
        names.append(reader.service)
    return list(groups.values())


def _source(secret: SecretRow, words: Words) -> str:
    if secret.origin == "external":
        return words["external_secret"]
    if secret.origin == "environment":
        return words["variable_source"].format(name=secret.source)
    return _code(secret.source)


def _user(reader: ReaderRow, words: Words) -> str:
    if reader.uid is None:
        return words["as_image"]
    if reader.uid == 0:
        return words["as_root"]
    gids = ", ".join(map(str, reader.gids)) or "0"
    return words["as_numbers"].format(uid=reader.uid, gids=gids)


def _certificates(guide: Guide, words: Words) -> str:
    if not guide.certificates:
        return words["no_certificates"]
    rows = [
        (_code(row.directory), _names(row.names), _names(row.services))
        for row in guide.certificates
    ]
    titles = (words["directory"], words["valid_for"], words["mounted"])
    return f"{words['certificate_text']}\n\n{table(titles, rows)}"


def _directories(guide: Guide, words: Words) -> str:
    parts = [words["no_directories"]]
    if guide.directories:
        rows = [
            (_code(row.path), _owner(row, words), _mounts(row, words)) for row in guide.directories
        ]
        titles = (words["directory"], words["owner"], words["mounted"])
        parts = [words["directory_text"], table(titles, rows)]
    if guide.volumes:
        rows = [
            (
                _code(row.name),
                words["volume_external"] if row.external else words["volume_kept"],
                _names(row.used_by),
            )
            for row in guide.volumes
        ]
        parts.append(table((words["volume"], words["life"], words["mounted"]), rows))
    return "\n\n".join(parts)


def _owner(row: DirectoryRow, words: Words) -> str:
    if row.machine:
        return words["machine_owned"]
    if row.file:
        return words["file_given"]
    return row.owner or words["any_owner"]


def _mounts(row: DirectoryRow, words: Words) -> str:
    return ", ".join(
        f"{_code(service)} → {_code(target)}" + (f" ({words['read_only']})" if read_only else "")
        for service, target, read_only in row.mounts
    )


def _networks(guide: Guide, words: Words) -> str:
    if not guide.networks:
        return words["no_networks"]
    rows = [
        (_code(row.name), _names(row.used_by) or words["network_unused"]) for row in guide.networks
    ]
    return f"{words['network_text']}\n\n{table((words['network'], words['needed_by']), rows)}"


def _endpoints(guide: Guide, words: Words) -> str:
    if not guide.endpoints:
        return words["no_endpoints"]
    rows = [(_code(row.service), _code(row.address), _code(row.target)) for row in guide.endpoints]
    return table((words["service"], words["address"], words["container_port"]), rows)


def _smoke(guide: Guide, words: Words) -> str:
    if not guide.smoke:
        return words["no_smoke"]
    rows = [(_code(row.service), row.name, _code(row.expected)) for row in guide.smoke]
    parts = [
        words["smoke_text"],
        table((words["service"], words["question"], words["expected"]), rows),
    ]
    commands = list(dict.fromkeys(row.how for row in guide.smoke if row.how))
    if commands:
        parts += [words["by_hand"], "\n".join(["```", *map(printable, commands), "```"])]
    return "\n\n".join(parts)


def _failures(guide: Guide, words: Words) -> str:
    errors = [row for row in guide.failures if row.severity == "error"]
    rows = [(_code(row.check_id), row.summary, row.consequence, row.remedy) for row in errors]
    titles = (words["check"], words["you_see"], words["means"], words["remedy"])
    more = words["failures_more"].format(count=len(guide.failures) - len(errors))
    return "\n\n".join([words["failures_text"], table(titles, rows), more])


def table(titles: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    """Return a Markdown table; cells may hold any text."""
    lines = [f"| {' | '.join(titles)} |", f"| {' | '.join('---' for _ in titles)} |"]
    lines += [f"| {' | '.join(map(_cell, row))} |" for row in rows]
    return "\n".join(lines)


def _cell(text: str) -> str:
    text = printable_lines(text).replace("|", "\\|").replace("\n", " ").replace("](", "]\\(")
    # Angle brackets outside of code would be an HTML tag, which shows as nothing.
    parts = text.split("`")
    has_code = len(parts) % 2 == 1 and "``" not in text
    return "`".join(
        part if has_code and index % 2 else part.replace("<", "\\<")
        for index, part in enumerate(parts)
    )


def _code(text: str) -> str:
    """Return a code span; no name ends it."""
    return f"`{printable(text).replace('`', _TICK)}`"


_TICK = r"\x60"


def _names(names: Iterable[str]) -> str:
    return ", ".join(map(_code, names))


_SECTIONS: dict[str, Callable[[Guide, Words], str]] = {
    "prerequisites": _prerequisites,
    "boot": _boot,
    "variables": _variables,
    "secrets": _secrets,
    "certificates": _certificates,
    "directories": _directories,
    "networks": _networks,
    "endpoints": _endpoints,
    "smoke": _smoke,
    "failures": _failures,
}
SECTIONS = tuple(_SECTIONS)
"""The names that may stand in a marker."""
