"""A mounted configuration names a certificate in a volume that is still empty."""

from __future__ import annotations

from bootready.check.api import Context, Finding, Iterator, Needs, Report, Severity, check
from bootready.model.lookup import shown
from bootready.model.project import Mount, Service
from bootready.regex import regex

_NAMED = regex(
    r"(?im)^[ \t]*(?:ssl_(?:trusted_)?certificate(?:_key)?|SSLCertificate(?:Key|Chain)?File"
    r"|bind[^\n#]*\bcrt)[ \t]+[\"']?(/[^\s;\"']+)",
    needs=("ssl_", "sslcertificate", "crt"),
)
"""What nginx, Apache and HAProxy read a certificate or its key from."""
_LARGEST = 200_000
_MOST = 50
"""Files of a mounted directory that are read."""


@check(
    summary="a configuration names a certificate in a volume that is still empty",
    severity=Severity.WARNING,
    needs=(Needs.HOST, Needs.ENGINE),
    looks_at=("service.volumes",),
    where=("mount.bind",),
    since="0.2.0",
    reference="https://nginx.org/en/docs/http/ngx_http_ssl_module.html#ssl_certificate",
)
def certificate_not_in_volume(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Reads the mounted configuration of nginx, Apache and HAProxy for certificates and keys in a
    named volume that does not exist yet, or in a mounted directory without that file.

    ## Why it matters
    At the first start the file does not exist, and the server exits. If certbot then needs that
    server to get the certificate, neither of them ever starts.

    ## What you see
    ```
    [emerg] cannot load certificate "/etc/letsencrypt/live/shop.example/fullchain.pem":
    BIO_new_file() failed (SSL: error:80000002:system library::No such file or directory)
    ```

    ## Remedy
    Put a temporary certificate into the volume before the first start, or start with the HTTP
    server block only, and let certbot replace it.

    ## When to silence it
    If another service fills the volume before this one starts.
    """
    volumes = {one.key: one for one in context.project.volumes}
    existing = set(context.engine.volumes())
    for service in context.project.services:
        for mount, path in _configured(service, context):
            holder = _holder(service, path)
            if holder is None:
                continue
            if holder.kind == "volume":
                volume = volumes.get(holder.source)
                missing = volume is None or not (
                    volume.external or volume.device or volume.name in existing
                )
            else:
                inside = path[len(holder.target.rstrip("/")) :]
                missing = context.host.file(holder.source + inside) is None
            if missing:
                where = holder.source if holder.kind == "volume" else "./" + holder.source
                where = shown(where.removeprefix("./"), context.project.directory)
                yield report(
                    mount.location,
                    f"service '{service.name}': its configuration names '{path}', which '{where}'"
                    " does not have yet",
                    related=[holder.location.labelled("the certificate belongs here")],
                    consequence="the server exits at its first start",
                    hint="put a temporary certificate there first, or start without its HTTPS part",
                )
                break


def _configured(service: Service, context: Context) -> Iterator[tuple[Mount, str]]:
    for mount in service.mounts:
        if mount.kind != "bind":
            continue
        names = context.host.entries(mount.source)[:_MOST]
        for path in [f"{mount.source}/{name}" for name in names] or [mount.source]:
            if path.endswith((".conf", ".cfg", ".template")) or not names:
                text = context.host.read_text(path, _LARGEST) or ""
                for found in _NAMED.findall(text):
                    if "$" not in found:
                        yield mount, found


def _holder(service: Service, path: str) -> Mount | None:
    """Return the mount below which `path` lies, the nearest one."""
    above = [one for one in service.mounts if path.startswith(f"{one.target.rstrip('/')}/")]
    found = max(above, key=lambda one: len(one.target), default=None)
    return found if found is not None and found.kind in {"volume", "bind"} else None
