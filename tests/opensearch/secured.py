"""A node with OpenSearch's own security plugin: TLS, users with passwords, roles.

The plugin, some 45 MB, is fetched once from Maven Central and kept beside the node's own jars.
"""

from __future__ import annotations

import base64
import http.client
import json
import re
import shutil
import ssl
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import yaml

from tests.opensearch.cluster import CACHE, RUNNER, Nodes, fetched, jars, maven, said
from tests.opensearch.keys import make_keys

SCALE = Path(__file__).parents[2] / "docs" / "scale.md"
PASSWORDS = {"keeper": "plover", "writer": "xyzzy", "site": "xyzzy"}
_HASHES = {
    "plover": "$2y$12$hGrkmHNeLBcqbRSinqEAQut6PWm0GQzc6SGp85BjnybAaX2QWiGtG",
    "xyzzy": "$2y$12$7k0gOiaisLb73WZugo24xuM05GWj.F2aHmlgWIlJx5APE2NmW7MnG",
}
_ROLES = {"all_access": "keeper", "onrecord": "writer", "onrecord-site": "site"}
_AUTHENTICATION = {
    "basic": {
        "http_enabled": True,
        "order": 0,
        "http_authenticator": {"type": "basic", "challenge": True},
        "authentication_backend": {"type": "intern"},
    }
}


class SecuredNodes(Nodes):
    """``keeper`` may do everything, ``writer`` and ``site`` what docs/scale.md gives to those who index and search."""

    @staticmethod
    def class_path() -> str:
        """What a node has has precedence over the plugin's own jars of the same name."""
        plugin = fetched(CACHE / f"security-{RUNNER}", _fetch) / "lib"
        return f"{jars()}/*:{plugin}/*"

    def address(self, name: str, options: str = "") -> str:
        return super().address(name, options).replace("opensearch://", "https://")

    def settings(self, number: int) -> dict[str, object]:
        folder = self.folder / f"node-{number}" / "run" / "node_1" / "config"
        if not folder.exists():
            (folder / "opensearch-security").mkdir(parents=True)
            make_keys(folder)
            for name, content in _configuration().items():
                told = {"_meta": {"type": name.replace("_", ""), "config_version": 2}}
                (folder / "opensearch-security" / f"{name}.yml").write_text(json.dumps({**told, **content}))
        secured: dict[str, object] = {
            "plugins": "org.opensearch.security.OpenSearchSecurityPlugin",
            "plugins.security.allow_default_init_securityindex": "true",
            "plugins.security.ssl.http.enabled": "true",
            "plugins.security.audit.type": "noop",
        }
        for layer in ("http", "transport"):
            for what, file in (("cert", "here.pem"), ("key", "here.key"), ("trustedcas", "ca.pem")):
                secured[f"plugins.security.ssl.{layer}.pem{what}_filepath"] = file
        return super().settings(number) | secured

    @property
    def authority(self) -> Path:
        return self.folder / "node-0" / "run" / "node_1" / "config" / "ca.pem"

    def ask(self, number: int, path: str) -> dict[str, Any] | None:
        """What a node says to the keeper."""
        context = ssl.create_default_context(cafile=self.authority)
        who = base64.b64encode(f"keeper:{PASSWORDS['keeper']}".encode()).decode()
        connection = http.client.HTTPSConnection("127.0.0.1", self.ports[number], timeout=10, context=context)
        return said(connection, path, {"authorization": f"Basic {who}"})


def _fetch(folder: Path) -> None:
    maven(
        folder,
        "dependency:copy",
        f"-Dartifact=org.opensearch.plugin:opensearch-security:{RUNNER}:zip",
        "-DoutputDirectory=.",
    )
    shutil.rmtree(folder / "lib", ignore_errors=True)
    there = {_artifact(path.name) for path in jars().glob("*.jar")}
    with ZipFile(folder / f"opensearch-security-{RUNNER}.zip") as packed:
        for name in packed.namelist():
            if name.endswith(".jar") and _artifact(name) not in there:
                packed.extract(name, folder / "lib")


def _artifact(jar: str) -> str:
    """The name of a jar without its version.

    >>> _artifact("netty-codec-http-4.1.118.Final.jar")
    'netty-codec-http'
    """
    return re.sub(r"-\d.*", "", jar)


def _configuration() -> dict[str, dict[str, Any]]:
    """The plugin's own files, which may be JSON: who is known, how they show who they are, and what they may do."""
    (roles,) = re.findall(r"```yaml\n# roles.yml.*?\n(.*?)```", SCALE.read_text(), re.DOTALL)
    return {
        "config": {"config": {"dynamic": {"authc": _AUTHENTICATION}}},
        "internal_users": {name: {"hash": _HASHES[password]} for name, password in PASSWORDS.items()},
        "roles": yaml.safe_load(roles),
        "roles_mapping": {role: {"users": [user]} for role, user in _ROLES.items()},
        "action_groups": {},
        "tenants": {},
    }
