"""Where a cluster is: ``opensearch://HOST:9200/NAME``, several hosts with commas between, or ``https://…``."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from search.settings import SettingsError

SCHEMES = ("opensearch", "http", "https")
USER, PASSWORD, AUTHORITIES = "ONRECORD_OPENSEARCH_USER", "ONRECORD_OPENSEARCH_PASSWORD", "ONRECORD_OPENSEARCH_CA"
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,99}", re.ASCII)
_HOST = re.compile(r"(?P<host>\[[0-9a-fA-F:]+\]|[A-Za-z0-9._-]+)(?::(?P<port>\d{1,5}))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Address:
    """An archive in a cluster. ``shards`` and ``replicas`` are for indexes yet to be made; replicas None is one,
    wherever there is a second node to hold it."""

    hosts: tuple[tuple[str, int], ...]
    name: str
    secure: bool = False
    shards: int = 1
    replicas: int | None = None

    @classmethod
    def parse(cls, text: str) -> Address:
        """Raises SettingsError, which says what is wrong with it.

        >>> Address.parse("opensearch://a:9200,b/press?shards=3")
        Address(hosts=(('a', 9200), ('b', 9200)), name='press', secure=False, shards=3, replicas=None)
        """
        parts = urlsplit(text)
        if "@" in parts.netloc:
            raise SettingsError(
                f"The address of a cluster holds no password, for it is shown; give them by {USER} and {PASSWORD}."
            )
        hosts = [_HOST.fullmatch(host) for host in parts.netloc.split(",")]
        name = parts.path.strip("/")
        if parts.scheme not in SCHEMES or not all(hosts) or not _NAME.fullmatch(name) or parts.fragment:
            raise SettingsError(
                f"“{text}” is not the address of an archive in a cluster, such as opensearch://127.0.0.1:9200/press; "
                "its name has small letters, digits, - and _."
            )
        options = {key: values[-1] for key, values in parse_qs(parts.query, keep_blank_values=True).items()}
        for key, value in options.items():
            if key not in ("shards", "replicas") or not re.fullmatch(r"\d{1,3}", value, re.ASCII):
                raise SettingsError(f"“{text}”: only shards=N and replicas=N may follow the name, not “{key}={value}”.")
        return cls(
            tuple((host["host"].strip("[]"), int(host["port"] or 9200)) for host in hosts if host),
            name,
            parts.scheme == "https",
            max(1, int(options.get("shards", 1))),
            int(options["replicas"]) if "replicas" in options else None,
        )

    def __str__(self) -> str:
        """As it is shown; what the options say is seen in the cluster."""
        hosts = ",".join(f"[{host}]:{port}" if ":" in host else f"{host}:{port}" for host, port in self.hosts)
        return f"{'https' if self.secure else 'opensearch'}://{hosts}/{self.name}"

    @property
    def register(self) -> str:
        """The name of the small index beside: no archive is called so, for a name holds no full stop."""
        return f"{self.name}.register"

    def index(self, number: int) -> str:
        """The name of the index that was begun as a generation of that number."""
        return f"{self.name}.{number:06d}"


def credentials(environment: Mapping[str, str] | None = None) -> tuple[str, str] | None:
    environment = os.environ if environment is None else environment
    user, password = environment.get(USER), environment.get(PASSWORD)
    return (user, password or "") if user else None
