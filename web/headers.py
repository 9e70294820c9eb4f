"""What every answer carries, errors too: nothing may run or be fetched but what this site serves."""

from __future__ import annotations

from ipaddress import ip_address

from flask import Flask, Response, abort, request

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


def protect(app: Flask, host: str) -> None:
    """Add the headers to every answer, and refuse foreign names when only this machine is served."""

    @app.after_request
    def add(response: Response) -> Response:
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        return response

    if _is_loopback(host):
        # A page elsewhere may point its own name at this machine and read the archive through the browser.
        @app.before_request
        def refuse_foreign_names() -> None:
            if not _is_loopback(_name(request.host)):
                abort(400, "This archive is served to this machine only, by the name localhost.")


def _name(host: str) -> str:
    return host[1 : host.find("]")] if host.startswith("[") else host.partition(":")[0]


def _is_loopback(name: str) -> bool:
    if name.rstrip(".").lower() == "localhost":
        return True
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return False
