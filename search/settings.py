"""Settings, each from the first place that gives it: flag, ``ONRECORD_…`` variable, ``onrecord.toml``, default."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from search.errors import SearchError

FILE = Path("onrecord.toml")


class SettingsError(SearchError):
    """A setting cannot be understood; the sentence says which and where it came from."""

    exit_code = 2


@dataclass(frozen=True, slots=True)
class Settings:
    """How one archive is kept and served.

    index: the folder that holds the index. jobs: processes that read articles, 0 for one a core.
    memory: megabytes that a writer may use before it spills to disk. lock_timeout: seconds to wait
    for another writer. workers: processes that serve the site, 0 for one a core. trusted_hosts: names, with commas
    between, by which the site may be asked for; when it is empty any will do, or on the loopback address only the
    loopback's own. trusted_proxies: how many reverse proxies stand before the site, whose X-Forwarded headers are
    believed. cors: let pages of other sites read the API, which on any but a loopback address they always may.
    cache: megabytes in which each serving process keeps answers, as long as the index is as it is; 0 for none.
    """

    index: Path = Path("index")
    engine: str = "whoosh"
    jobs: int = 0
    memory: int = 256
    lock_timeout: float = 10.0
    host: str = "127.0.0.1"
    port: int = 8000
    workers: int = 0
    trusted_hosts: str = ""
    trusted_proxies: int = 0
    cors: bool = False
    cache: int = 32

    @classmethod
    def load(
        cls,
        flags: Mapping[str, Any] | None = None,
        environment: Mapping[str, str] | None = None,
        file: Path = FILE,
    ) -> Settings:
        """Settle every setting. A flag of None was not given.

        >>> Settings.load({"port": 9000}, {"ONRECORD_PORT": "7000", "ONRECORD_JOBS": "3"}).port
        9000
        """
        environment = os.environ if environment is None else environment
        known = {f.name for f in fields(cls)}
        chosen: dict[str, Any] = {}
        for name, value in _read(file).items():
            if name not in known:
                raise SettingsError(f"{file}: there is no setting “{name}”; known are {', '.join(sorted(known))}.")
            chosen[name] = _convert(name, value, f"{file}: {name}")
        for name in known:
            variable = f"ONRECORD_{name.upper()}"
            if environment.get(variable):
                chosen[name] = _convert(name, environment[variable], variable)
        for name, value in (flags or {}).items():
            if value is not None:
                chosen[name] = _convert(name, value, f"--{name.replace('_', '-')}")
        return cls(**chosen)

    def environment(self) -> dict[str, str]:
        """The settings as variables, for a process that is to have the same ones."""
        return {f"ONRECORD_{f.name.upper()}": str(getattr(self, f.name)) for f in fields(self)}

    @property
    def processes(self) -> int:
        """``jobs``, with 0 made into the number of cores this process may use."""
        return self.jobs or cores()


def cores() -> int:
    """Cores this process may use, at least 1."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _read(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(f"{file} cannot be read: {error}. Mend or remove it.") from error


def _convert(name: str, value: Any, where: str) -> Any:
    kind = type(getattr(_DEFAULTS, name))
    kind = Path if issubclass(kind, Path) else kind
    try:
        converted = _flag(value) if kind is bool else kind(value)
    except (TypeError, ValueError, KeyError) as error:
        raise SettingsError(f"{where} must be {_NAMES[kind]}, not “{value}”.") from error
    if isinstance(converted, (int, float)) and converted < 0:
        raise SettingsError(f"{where} must not be negative, but is {value}.")
    return converted


def _flag(value: Any) -> bool:
    """A truth as a file or a variable has it. Raises KeyError."""
    return {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}[str(value).lower()]


_NAMES: dict[type, str] = {
    bool: "true or false",
    int: "a whole number",
    float: "a number",
    Path: "a folder",
    str: "a text",
}
_DEFAULTS = Settings()
