"""A name of a variable -> whose address it holds: the project's own, or that of a service.

``BASE_URL`` and ``DOMAIN`` are where people reach the project, ``POSTGRES_HOST`` is a service.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from bootready.knowledge.values.meaning import Meaning, spelled
from bootready.regex import regex

_FRAMEWORKS = r"(?:next|nuxt|vite|react_app|vue_app|expo|gatsby|django|flask|laravel|rails|spring)"
_SIDES = r"(?:public|app|web|webapp|site|base|server|root|external|frontend|backend|host|home|self)"
_OWN_URL = regex(
    rf"(?:{_FRAMEWORKS}_)?(?:{_SIDES}_)*(?:{_SIDES}|nextauth|auth|website|instance)_ur[il]|ur[il]"
)
_OWN_HOST = regex(
    rf"(?:{_FRAMEWORKS}_)?(?:{_SIDES}_)*(?:domain(?:_name)?|hostname|host_name|fqdn|server_name"
    r"|virtual_host|letsencrypt_host|vhost)"
)
_PROJECT = regex(
    r"(?:compose_)?(?:project|stack|deployment|instance|namespace|environment|env|container)"
    r"(?:_?name|_prefix|_id|_slug)?|prefix|network_name"
)
_PORTS = {
    "postgres": "5432",
    "mysql": "3306",
    "mongo": "27017",
    "redis": "6379",
    "rabbitmq": "5672",
    "elasticsearch": "9200",
    "meilisearch": "7700",
    "minio": "9000",
    "memcached": "11211",
}
_PROGRAMS = {
    "postgres": r"postg|pgvector|timescale",
    "mysql": r"mysql|maria|percona",
    "mongo": r"mongo",
    "redis": r"redis|valkey|keydb|dragonfly",
    "rabbitmq": r"rabbit",
    "elasticsearch": r"elastic|opensearch",
    "meilisearch": r"meili",
    "minio": r"minio",
    "memcached": r"memcache",
}
"""How names of services and images spell a program."""
_WORDS = {
    "db": ("postgres", "mysql", "mongo"),
    "database": ("postgres", "mysql", "mongo"),
    "sql": ("postgres", "mysql"),
    "pg": ("postgres",),
    "cache": ("redis", "memcached"),
    "amqp": ("rabbitmq",),
    "search": ("elasticsearch", "meilisearch"),
    "s3": ("minio",),
}
"""Words of names of variables that mean one of several programs."""


def is_own(meaning: Meaning, name: str, project: str = "") -> bool:
    """Tell whether `name` holds where people reach the project itself, not some other service."""
    words = spelled(name).removeprefix(f"{spelled(project)}_")
    if meaning is Meaning.URL:
        return _OWN_URL.fullmatch(words) is not None
    return meaning is Meaning.HOST and _OWN_HOST.fullmatch(words) is not None


def names_the_project(name: str) -> bool:
    """Tell whether `name` holds a word that tells this project from others: ``STACK_NAME``."""
    return _PROJECT.fullmatch(spelled(name)) is not None


def peer_of(name: str, services: Mapping[str, str]) -> str:
    """Return the service that `name`, a ``..._HOST`` or ``..._PORT``, speaks of, or ''.

    `services` are the images of the project's services by name. Where two fit, nothing is told.
    """
    words = re.sub(r"_(?:host(?:name|_name)?|server|address|port)$", "", spelled(name)).split("_")
    exact = [one for one in services if spelled(one) in {"_".join(words), words[-1]}]
    if len(exact) == 1:
        return exact[0]
    wanted = _WORDS.get(words[-1], (_program(words[-1]),))
    near = [one for one, image in services.items() if _program_of(one, image) in wanted]
    return near[0] if len(near) == 1 else ""


def port_of(service: str, image: str) -> str:
    """Return the port at which a service of that name and image usually listens, or ''."""
    return _PORTS.get(_program_of(service, image), "")


def _program_of(service: str, image: str) -> str:
    """Return the program of a service, by its image, or by its name where it is built here."""
    return _program(image.rpartition("/")[2] if image else service) or "?"


def _program(text: str) -> str:
    found = (one for one, known in _PROGRAMS.items() if re.search(known, text.lower()))
    return next(found, "")
