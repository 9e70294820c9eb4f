"""A production server: gunicorn where there is POSIX, waitress elsewhere."""

from __future__ import annotations

import ctypes
import os
import socket
import sys
from contextlib import suppress
from typing import Any

from search import SearchError, Settings
from search.settings import cores

_THREADS = 4
"""Requests that one process answers at a time; others wait, so that slow ones cannot pile up without bound."""
_LONGEST_LINE = 8_190
"""Bytes of a request's first line, and of each header: what gunicorn can be set to at most."""

_M_ARENA_MAX = -8
"""Of glibc's ``malloc.h``."""


class CannotServe(SearchError):
    """The address is taken or not ours, or the site must not be opened as it is set."""


def serve(settings: Settings) -> None:
    """Serve until interrupted; says on stderr where. Raises CannotServe when the address cannot be had."""
    if os.environ.get("FLASK_DEBUG", "0").lower() not in ("", "0", "false", "no"):
        raise CannotServe("FLASK_DEBUG is set: a debugger runs whatever a visitor sends. Unset it to open the site.")
    listener = _listen(settings)
    host, port = listener.getsockname()[:2]
    shown = f"[{host}]" if ":" in host else host
    sys.stderr.write(f"On Record is open at http://{shown}:{port}/ (Ctrl-C ends it)\n")
    sys.stderr.flush()
    if os.name == "posix":
        _gunicorn(settings, listener)
    else:
        _waitress(settings, listener)


def _listen(settings: Settings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listener = socket.socket(family)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((settings.host, settings.port))
        listener.listen(256)
    except OSError as error:
        listener.close()
        raise CannotServe(
            f"Cannot open the site at {settings.host} port {settings.port}: {error.strerror}. "
            "Choose another with --port, or --port 0 for any that is free."
        ) from error
    return listener


def gunicorn_options(settings: Settings) -> dict[str, Any]:
    """How gunicorn is to run; see its own documentation for each name."""
    return {
        "workers": settings.workers or cores(),
        "worker_class": "gthread",
        "threads": _THREADS,
        "timeout": 30,  # seconds before a worker that hangs is replaced
        "graceful_timeout": 30,  # seconds that requests under way have to end when the site is closed
        "keepalive": 15,  # seconds; a reader's next page comes over the connection that is open already
        "limit_request_line": _LONGEST_LINE,
        "limit_request_field_size": _LONGEST_LINE,
        "limit_request_fields": 64,
        "loglevel": "warning",
        "proc_name": "onrecord",
        "control_socket_disable": True,
    }


def _gunicorn(settings: Settings, listener: socket.socket) -> None:
    from gunicorn.app.base import BaseApplication

    from web import create_app

    few_arenas()

    class Site(BaseApplication):  # type: ignore[misc]
        def load_config(self) -> None:
            for name, value in {"bind": f"fd://{listener.fileno()}", **gunicorn_options(settings)}.items():
                if name in self.cfg.settings:
                    self.cfg.set(name, value)

        def load(self) -> Any:
            # In each worker, after the fork: an index must not be open in a process that forks. The index itself is
            # mapped into memory, so that the workers share it.
            return create_app(settings=settings)

    Site().run()


def few_arenas() -> None:
    """Let all threads of a process take their memory from two places.

    By itself glibc opens one for each thread, up to eight for each core, and what one has given back the others
    cannot have: with answers kept and thrown away all the time that was 60 MB for two processes of four threads.
    Python lets one thread run at a time, so that they have nothing to wait for.
    """
    with suppress(OSError, AttributeError):  # another C library
        ctypes.CDLL(None).mallopt(_M_ARENA_MAX, 2)


def _waitress(settings: Settings, listener: socket.socket) -> None:  # pragma: no cover - Windows
    from waitress import serve as serve_forever

    from web import create_app

    serve_forever(
        create_app(settings=settings),
        sockets=[listener],
        threads=2 * _THREADS,
        ident="",
        max_request_header_size=4 * _LONGEST_LINE,
    )
