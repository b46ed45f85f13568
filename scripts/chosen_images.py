"""What `.env` names, what is on this machine and which registry answers -> the images to boot with.

Where no registry answers, stand-ins are built and written into a block of their own at the end of
`.env`, so that every later command uses them too (docs/adr/0043-images-of-this-machine.md).
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import offline_images
import setup
from registries import ask_registries, registry_of
from setup import say

EXAMPLE = setup.ROOT / ".env.example"
ENV = setup.ROOT / ".env"
LOCAL = "bootready.local/"
REMOVAL = "`make down ARGS=--public-images`"
BEGIN = f"# >>> images of this machine, by `make up`; {REMOVAL} removes these lines"
END = "# <<< images of this machine"
SEE = "OPERATIONS.md, 'Stand-ins and public images'"


def choose_images(environment: dict[str, str]) -> dict[str, str]:
    """Return the variables that choose stand-ins, once these are built and written into `.env`.

    `IMAGES` decides: `public` takes the block out and builds nothing, `offline` asks no registry.
    Raises SetupError if a registry refuses an image, and BuildError.
    """
    choice = os.environ.get("IMAGES", "")
    if choice not in {"", "public", "offline"}:
        raise setup.SetupError(f"IMAGES is '{choice}', must be 'public' or 'offline' if it is set")
    if choice == "public":
        use_public_images()
    values = _values(environment)
    if not values:
        return {}
    images = offline_images.images()
    local = [image for image in images if values.get(image.variable, "").startswith(LOCAL)]
    if local and choice == "public":
        names = ", ".join(image.variable for image in local)
        say(f"images: lines outside the block of .env name stand-ins, and stay: {names}")
    others = [image for image in images if image not in local]
    wanted = others if choice == "offline" else []
    if not choice:
        wanted = _without_registry(values, [i for i in others if not _is_here(values[i.variable])])
    _build([*local, *wanted])
    stale = [image for image in local if values[image.variable] != image.name]
    chosen = {image.variable: image.name for image in (*wanted, *stale)}
    if chosen:
        _write(chosen, environment)
    return chosen


def use_public_images() -> None:
    """Take the block out of `.env`; say so if there was one."""
    text = _text()
    chosen = images_in_block(text)
    if not chosen:
        return
    _replace(without_block(text))
    say(f"images: taken out of .env, the public ones are used again: {', '.join(sorted(chosen))}")
    _say_of_data(chosen, text)


def with_block(text: str, chosen: dict[str, str]) -> str:
    """Return the text of `.env` with a block at its end, where it wins, in place of any other."""
    lines = [f"{name}={image}" for name, image in sorted(chosen.items())]
    before = without_block(text)
    gap = "" if before.endswith("\n") or not before else "\n"
    return f"{before}{gap}{BEGIN}\n" + "".join(f"{line}\n" for line in (*lines, END))


def without_block(text: str) -> str:
    """Return the text of `.env` as it is without the block; what a person wrote stays."""
    kept, inside = [], False
    for line in text.splitlines(keepends=True):
        mark = line.rstrip()
        inside = mark == BEGIN or (inside and mark != END)
        if not inside and mark != END:
            kept.append(line)
    return "".join(kept)


def images_in_block(text: str) -> dict[str, str]:
    """Return the variables of the block and the images that they name."""
    found, inside = {}, False
    for line in text.splitlines():
        mark = line.rstrip()
        inside = mark == BEGIN or (inside and mark != END)
        name, equals, image = mark.partition("=")
        if inside and equals and not name.startswith("#"):
            found[name] = image
    return found


def _values(environment: dict[str, str]) -> dict[str, str]:
    """Return what Compose would see: the environment, then `.env`, then its example.

    Nothing of a project that cannot be read: `bootready up` says why, with the place.
    """
    files = [word for path in (EXAMPLE, ENV) if path.exists() for word in ("--env-file", str(path))]
    command = [str(setup.PYTHON), "-m", "bootready", "config", "--environment", "--reveal", *files]
    done = subprocess.run(
        command, cwd=setup.ROOT, env=environment, capture_output=True, text=True, check=False
    )
    pairs = (line.partition("=") for line in done.stdout.splitlines())
    return {name: value for name, equals, value in pairs if equals}


def _is_here(name: str) -> bool:
    command = ["docker", "image", "inspect", name]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def _without_registry(
    values: dict[str, str], absent: list[offline_images.Image]
) -> list[offline_images.Image]:
    """Return those images whose registry does not answer; SetupError where one refuses."""
    if not absent:
        return []
    names = {image: values[image.variable] for image in absent}
    hosts = sorted({registry_of(name) for name in names.values()})
    say(f"images: {len(absent)} are not on this machine, asking {', '.join(hosts)} ...")
    answers = ask_registries(list(names.values()))
    refused = [answer for answer in answers.values() if answer.refusal]
    if refused:
        lines = [f"{one.registry} refuses '{one.image}': {one.refusal}" for one in refused]
        hint = "   = hint: `docker login`, or another tag in .env; IMAGES=offline takes stand-ins"
        raise setup.SetupError("\n".join([*lines, hint]))
    for answer in answers.values():
        if not answer.reachable:
            count = sum(registry_of(name) == answer.registry for name in names.values())
            words = "1 stand-in" if count == 1 else f"{count} stand-ins"
            say(f"images: {answer.registry} does not answer, {words}: {answer.silence}")
    return [image for image in absent if not answers[registry_of(names[image])].reachable]


def _build(images: list[offline_images.Image]) -> None:
    if not images:
        return
    missing_tool = offline_images.missing_tool(tuple(images))
    if missing_tool and os.geteuid() == 0:
        say(f"images: installing {missing_tool} to build stand-ins")
        setup.install_packages(missing_tool)
    offline_images.build(tuple(images))


def _write(chosen: dict[str, str], environment: dict[str, str]) -> None:
    """Write the block, into a `.env` that bootready makes from its example if there is none."""
    names = ", ".join(sorted(chosen))
    if not ENV.exists():
        command = [str(setup.PYTHON), "-m", "bootready", "prepare", "--only", "environment"]
        if subprocess.run(command, cwd=setup.ROOT, env=environment, check=False).returncode != 0:
            raise setup.SetupError(".env could not be made, see above")
    elif not _consents(names):
        say(f"images: stand-ins for this run alone, .env names others: {names}")
        return
    text = _text()
    _replace(with_block(text, {**images_in_block(text), **chosen}))
    say(f"images: written at the end of .env, for every later command; {REMOVAL} removes them")
    _say_of_data(chosen, text)


def _consents(names: str) -> bool:
    """Ask a person at a terminal; who said IMAGES=offline was asked, and nobody else can be."""
    if os.environ.get("IMAGES") == "offline" or not sys.stdin.isatty():
        return True
    question = f"images: write stand-ins for {names} at the end of .env? [Y/n] "
    print(question, end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().lower() in {"", "y", "yes"}


def _say_of_data(chosen: dict[str, str], text: str) -> None:
    """Say that databases made by other images are there: they cannot be carried over."""
    named = re.findall(r"^DATA_DIR=[\"']?([^\"'\n]+)", text, re.MULTILINE)
    data = setup.ROOT / (os.environ.get("DATA_DIR") or (named or ["data"])[-1])
    if "SPILO_IMAGE" in chosen and _holds_something(data / "patroni1"):
        say(f"images: other images made the databases in {data}, see {SEE}")


def _holds_something(directory: Path) -> bool:
    try:
        return any(directory.iterdir())
    except PermissionError:
        return True  # PostgreSQL closes its directory to everybody else
    except OSError:
        return False


def _text() -> str:
    """Return the text of `.env`, its line endings kept; '' without one."""
    return ENV.read_bytes().decode("utf-8") if ENV.exists() else ""


def _replace(text: str) -> None:
    """Put a text in the place of `.env`, with its owner and mode; a link stays a link."""
    path = ENV.resolve()
    had = path.stat()
    temporary = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
            file.write(text)
            file.flush()
            if (had.st_uid, had.st_gid) != (os.geteuid(), os.getegid()):
                os.fchown(descriptor, had.st_uid, had.st_gid)
            os.fchmod(descriptor, had.st_mode & 0o777)
            os.fsync(descriptor)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
