"""A production server: gunicorn where there is POSIX, waitress elsewhere."""

from __future__ import annotations

import os
import socket
import sys
from typing import Any

from search import SearchError, Settings
from search.settings import cores


class CannotServe(SearchError):
    """The address is taken or not ours."""


def serve(settings: Settings) -> None:
    """Serve until interrupted; says on stderr where. Raises CannotServe when the address cannot be had."""
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


def _gunicorn(settings: Settings, listener: socket.socket) -> None:
    from gunicorn.app.base import BaseApplication

    from web import create_app

    class Site(BaseApplication):  # type: ignore[misc]
        def load_config(self) -> None:
            options: dict[str, Any] = {
                "bind": f"fd://{listener.fileno()}",
                "workers": settings.workers or cores(),
                "worker_class": "gthread",
                "threads": 4,
                "timeout": 30,  # seconds before a worker that hangs is replaced
                "loglevel": "warning",
                "proc_name": "onrecord",
                "control_socket_disable": True,
            }
            for name, value in options.items():
                if name in self.cfg.settings:
                    self.cfg.set(name, value)

        def load(self) -> Any:
            # In each worker, after the fork: an index must not be open in a process that forks.
            return create_app(settings=settings)

    Site().run()


def _waitress(settings: Settings, listener: socket.socket) -> None:  # pragma: no cover - Windows
    from waitress import serve as serve_forever

    from web import create_app

    serve_forever(create_app(settings=settings), sockets=[listener], threads=8, ident="")
