"""What every answer carries, so that nothing runs or is fetched but what this site serves; and who is answered."""

from __future__ import annotations

from ipaddress import ip_address

from flask import Flask, Response, abort, request
from werkzeug.middleware.proxy_fix import ProxyFix

from search import Settings

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
OPEN = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
    "Access-Control-Allow-Headers": "If-None-Match",
    "Access-Control-Expose-Headers": "ETag, Link, Retry-After, X-Index-Generation, X-Total",
    "Cross-Origin-Resource-Policy": "cross-origin",
}
"""For answers to programs, where pages of other sites may read them."""
LONGEST_ADDRESS = 8_000
"""Characters of a path with its parameters."""
FOR_PROGRAMS = ("api", "export", "feeds", "citations", "discovery", "openapi")
"""The blueprints whose answers are for programs."""


def protect(app: Flask, settings: Settings) -> None:
    """Add the headers to every answer, and refuse what is asked by a foreign name or is too long."""
    open_ = HEADERS | OPEN
    open_to_all = settings.cors or not _is_loopback(settings.host)

    @app.after_request
    def add(response: Response) -> Response:
        response.headers.extend(open_ if open_to_all and for_programs() else HEADERS)
        return response

    @app.before_request
    def refuse() -> None:
        if not _may_ask(_name(request.host), settings):
            abort(400, "This archive is not served by that name; see the setting “trusted_hosts”.")
        if len(request.full_path) > LONGEST_ADDRESS:
            abort(414)
        if (request.content_length or 0) > app.config["MAX_CONTENT_LENGTH"]:
            abort(413)

    if settings.trusted_proxies:
        count = settings.trusted_proxies
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=count, x_proto=count, x_host=count, x_prefix=count
        )


def for_programs() -> bool:
    """Is what is being answered meant for programs?"""
    return request.blueprint in FOR_PROGRAMS or request.path.startswith("/api/")


def _may_ask(name: str, settings: Settings) -> bool:
    """A page elsewhere may point its own name at this machine, and read the archive through somebody's browser."""
    trusted = [host.strip().lower() for host in settings.trusted_hosts.split(",") if host.strip()]
    if _is_loopback(settings.host):
        return _is_loopback(name) or name.rstrip(".").lower() in trusted
    return not trusted or name.rstrip(".").lower() in trusted


def _name(host: str) -> str:
    return host[1 : host.find("]")] if host.startswith("[") else host.partition(":")[0]


def _is_loopback(name: str) -> bool:
    if name.rstrip(".").lower() == "localhost":
        return True
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return False
