"""The compose file of docs/scale.md, without containers: does it make sense, and does a node know its settings?"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.opensearch.cluster import RUNNER, ask
from tests.opensearch.sharing import shared

SCALE = Path(__file__).parents[2] / "docs" / "scale.md"


@pytest.fixture(scope="module")
def compose() -> Any:
    (block,) = re.findall(r"```yaml\n# compose.yaml\n(.*?)```", SCALE.read_text(), re.DOTALL)
    return yaml.safe_load(block)


def test_three_nodes_that_know_each_other_and_keep_their_data_apart(compose: Any) -> None:
    services = compose["services"]
    assert sorted(services) == ["node1", "node2", "node3"]
    folders = []
    for name, service in services.items():
        environment = service["environment"]
        assert environment["node.name"] == name
        for setting in ("discovery.seed_hosts", "cluster.initial_cluster_manager_nodes"):
            assert sorted(environment[setting].split(",")) == sorted(services)
        assert all(isinstance(value, str) for value in environment.values())  # true would become True
        volumes = dict(volume.split(":") for volume in service["volumes"])
        assert set(volumes) <= set(compose["volumes"])
        assert environment["path.repo"] in volumes.values()
        folders += [volume for volume, path in volumes.items() if path.endswith("/data")]
        assert service["ulimits"]["memlock"] == {"soft": -1, "hard": -1}
        assert service["ulimits"]["nofile"]["soft"] >= 65_536
        least, most = re.findall(r"-Xm[sx](\d+)g", environment["OPENSEARCH_JAVA_OPTS"])
        assert least == most
    assert len(set(folders)) == 3
    assert [service["ports"] for service in services.values() if "ports" in service] == [["127.0.0.1:9200:9200"]]


def test_the_version_is_the_one_that_is_tested(compose: Any) -> None:
    for service in compose["services"].values():
        image, _, version = service["image"].partition(":")
        assert (image, f"{version}.0") == ("opensearchproject/opensearch", RUNNER)
        assert {"test", "interval", "timeout", "retries"} <= set(service["healthcheck"])


def test_a_node_knows_every_setting(compose: Any) -> None:
    node = shared("one", 1)
    answer = ask(node.ports[0], "/_cluster/settings?include_defaults=true&flat_settings=true")
    known = {name for part in (answer or {}).values() for name in part}
    for service in compose["services"].values():
        assert {name for name in service["environment"] if "." in name} <= known
