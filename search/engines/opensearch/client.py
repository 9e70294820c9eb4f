"""The one way to the cluster: requests with a time limit, and what goes wrong with them as sentences."""

from __future__ import annotations

import os
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from search.engines.opensearch.address import AUTHORITIES, PASSWORD, USER, Address, credentials
from search.errors import IndexAway, IndexMissing, IndexUnavailable, SearchError
from search.settings import SettingsError

OLDEST = (2, 4)
"""Points in time came with this version."""
SECONDS = 30.0
"""That one request may take, if nothing else is said."""

HUNG_UP = "it hung up"

Json = dict[str, Any]


class Refused(SearchError):
    """The cluster will not do what it was asked; ``status`` is HTTP's, ``kind`` its own name for the reason."""

    def __init__(self, message: str, status: int, kind: str) -> None:
        super().__init__(message)
        self.status = status
        self.kind = kind


def each_hit(search: Callable[..., Any], body: Json) -> Iterator[Any]:
    """Every hit of a search, however many, asked for ``body["size"]`` at a time; its sort must tell all hits apart.

    search: sends the body of a search, which may take so many seconds, and gives the answer.
    """
    while True:
        hits = search(body, seconds=120)["hits"]["hits"]
        yield from hits
        if len(hits) < body["size"]:
            return
        body = {**body, "search_after": hits[-1]["sort"]}


class Cluster:
    """An archive's cluster. Nothing is connected until something is asked; any number of threads may ask at once."""

    def __init__(self, address: Address) -> None:
        self.address = address
        self.patience = 0.0
        """Seconds for which a request is repeated while nobody answers: what changes an archive can wait."""
        self._lock = threading.Lock()
        self._library: Any = None
        self._transport: Any = None
        self._version: tuple[int, ...] = ()

    @property
    def version(self) -> tuple[int, ...]:
        """Of the cluster, which has been found to be new enough."""
        if not self._version:
            self.ask("GET", "/")
        return self._version

    def ask(
        self,
        method: str,
        path: str,
        body: Json | bytes | None = None,
        parameters: Mapping[str, Any] | None = None,
        *,
        seconds: float = SECONDS,
    ) -> Any:
        """One request and its answer.

        Raises IndexAway when nobody answers, IndexMissing when there is no such index, IndexUnavailable when the
        cluster does not let us in, and Refused for anything else that is wrong with the request.
        """
        deadline = time.monotonic() + self.patience
        pause = 0.25
        while True:
            try:
                transport = self._connected()
                if not self._version:
                    self._check(self._send(transport, "GET", "/", None, {}, seconds))
                return self._send(transport, method, path, body, dict(parameters or {}), seconds)
            except IndexAway:
                if time.monotonic() + pause > deadline:
                    raise
            time.sleep(pause)
            pause = min(2 * pause, 4.0)

    def _send(self, transport: Any, method: str, path: str, body: Any, parameters: Json, seconds: float) -> Any:
        errors = self._library.exceptions
        parameters["request_timeout"] = seconds
        headers = {"content-type": "application/x-ndjson"} if isinstance(body, bytes) else None
        try:
            return transport.perform_request(method, path, params=parameters, body=body, headers=headers)
        except errors.SSLError as error:
            raise IndexUnavailable(_untrusted(str(error.info), self.address), str(self.address)) from error
        except errors.ConnectionError as error:
            why = _why(error.info or error.error)
            puzzled = why == HUNG_UP and not self.address.secure
            hint = " If it speaks TLS, the address begins with https://." if puzzled else ""
            raise IndexAway(
                f"No OpenSearch answers at {self.address} ({why}). Start it, or mend the address given by --engine or "
                f"ONRECORD_ENGINE.{hint}",
                str(self.address),
            ) from error
        except errors.TransportError as error:
            raise self._explained(error) from error
        except errors.OpenSearchException as error:
            raise IndexAway(
                f"What answers at {self.address} is not an OpenSearch ({_short(error)}). Mend the address given by "
                "--engine or ONRECORD_ENGINE.",
                str(self.address),
            ) from error

    def _explained(self, error: Any) -> SearchError:
        status = error.status_code if isinstance(error.status_code, int) else 0
        place = str(self.address)
        if status == 401:
            return IndexUnavailable(
                f"{place} wants another user and password; give them by {USER} and {PASSWORD}.", place
            )
        if status == 403 and "block" not in str(error.error):
            return IndexUnavailable(f"The user named by {USER} may not do this at {place}: {_reason(error)}.", place)
        if status == 404 and error.error == "index_not_found_exception":
            return IndexMissing(
                f"There is no index at {place} yet. Run “onrecord index PATH…” with this --engine.", place
            )
        if status == 429:
            return IndexAway(
                f"The cluster at {place} has more to do than it can: {_reason(error)}. Ask again soon; if that helps "
                "nothing, give its nodes more memory.",
                place,
            )
        if status in (502, 503, 504):
            return IndexAway(f"The cluster at {place} is not ready to answer: {_reason(error)}.", place)
        return Refused(f"The cluster at {place} refuses: {_reason(error)}.", status, str(error.error))

    def _check(self, hello: Any) -> None:
        """Is this a cluster that can do what is asked of it?"""
        version = hello.get("version", {}) if isinstance(hello, dict) else {}
        number = tuple(int(part) for part in str(version.get("number", "0")).split("-")[0].split(".") if part.isdigit())
        if version.get("distribution") != "opensearch" or number < OLDEST:
            what = f"{version.get('distribution', 'something else')} {version.get('number', '')}".strip()
            raise IndexUnavailable(
                f"{self.address} is {what}; OpenSearch {OLDEST[0]}.{OLDEST[1]} or later is needed. "
                "Upgrade the cluster, or mend the address.",
                str(self.address),
            )
        self._version = number

    def _connected(self) -> Any:
        with self._lock:
            if self._transport is None:
                self._library = _library()
                self._transport = self._connect()
            return self._transport

    def _connect(self) -> Any:
        options: Json = {}
        if self.address.secure:
            options = {"use_ssl": True, "verify_certs": True, "ca_certs": _authorities()}
        client = self._library.OpenSearch(
            hosts=[{"host": host, "port": port} for host, port in self.address.hosts],
            http_auth=credentials(),
            # Another node is asked when one does not answer; when all are gone, it is soon said so.
            max_retries=len(self.address.hosts) if len(self.address.hosts) > 1 else 1,
            retry_on_timeout=False,
            retry_on_status=(502, 504),
            pool_maxsize=32,
            **options,
        )
        return client.transport

    def close(self) -> None:
        with self._lock:
            transport, self._transport = self._transport, None
        if transport is not None:
            transport.close()


def _library() -> Any:
    try:
        import opensearchpy
    except ImportError:
        raise IndexUnavailable(
            "To use an OpenSearch cluster, install what speaks to it: pip install 'onrecord[opensearch]'.", "opensearch"
        ) from None
    return opensearchpy


def _authorities() -> str | None:
    """The file of those whose certificates are trusted, looked at; None for those that the machine trusts anyway."""
    file = os.environ.get(AUTHORITIES)
    if file:
        try:
            ssl.create_default_context(cafile=file)
        except OSError as error:
            why = "it holds no certificate" if isinstance(error, ssl.SSLError) else error.strerror
            raise SettingsError(f"The file {file}, named by {AUTHORITIES}, cannot be used: {why}.") from None
    return file or None


def _untrusted(told: str, address: Address) -> str:
    """Why no secure connection comes about, and what to do."""
    if "not valid for" in told or "doesn't match" in told:
        hosts = ", ".join(host for host, _ in address.hosts)
        return (
            f"The certificate of {address} is for another name than {hosts}. Use the name it was made out for in the "
            "address, or have one made out for this."
        )
    if "WRONG_VERSION_NUMBER" in told or "record layer" in told.casefold():
        return f"What answers at {address} speaks no TLS. Begin the address with opensearch://, or set up TLS there."
    if "expired" in told or "not yet valid" in told:
        return f"The certificate of {address} is not valid on this day. Renew it, or set this machine's clock."
    signed = "it was signed by an authority that is not known here"
    why = signed if "issuer" in told or "self-signed" in told or "self signed" in told else _short(told)
    return f"The certificate of {address} cannot be trusted ({why}). Name the file of that authority by {AUTHORITIES}."


def _reason(error: Any) -> str:
    info = error.info if isinstance(error.info, dict) else {}
    told = info.get("error")
    if isinstance(told, dict):
        cause = (told.get("root_cause") or [told])[0]
        return _short(cause.get("reason") or told.get("reason") or error.error)
    return _short(told or error.error or error.info)


def _why(failure: Any) -> str:
    """Why nobody answers, in few words where it is one of the usual reasons."""
    text = str(failure)
    usual = {
        "refused": "connection refused",
        "timed out": "no answer in time",
        "resolve": "there is no such host",
        "without response": HUNG_UP,
        "reset by peer": HUNG_UP,
    }
    return next((words for sign, words in usual.items() if sign in text), _short(text))


def _short(thing: Any) -> str:
    text = " ".join(str(thing).split())
    return text if len(text) <= 200 else text[:199] + "…"
