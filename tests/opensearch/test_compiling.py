"""Compiled queries are made of what is allowed and of nothing else, whatever was typed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from search.engines.opensearch.compiling import KEYS, compile_tree
from search.engines.opensearch.documents import FOLDED, STEMMED, VALUES, WORDS
from search.engines.opensearch.verifying import inexact
from search.errors import QueryLimitError
from search.query import parse
from search.query.nodes import Node
from tests.strategies import trees
from tests.test_engine import LEAVES

FIELDS = {
    *(f"{name}{companion}" for name in STEMMED for companion in ("", "_stem", "_marks")),
    *WORDS,
    *VALUES,
    *(f"{name}_fold" for name in FOLDED),
    "published",
}


def keys(compiled: Any) -> Iterator[str]:
    if isinstance(compiled, dict):
        for key, value in compiled.items():
            yield key
            yield from keys(value)
    elif isinstance(compiled, list):
        for value in compiled:
            yield from keys(value)


def allowed(tree: Node) -> None:
    compiled = compile_tree(tree, {node: ["a#0"] for node in inexact(tree)})
    assert set(keys(compiled)) <= KEYS | FIELDS


@given(trees(LEAVES))
def test_a_tree_is_compiled_to_allowed_keys_alone(tree: Node) -> None:
    allowed(tree)


@given(
    st.text(max_size=60)
    | st.lists(st.sampled_from('ice "ta har*" NEAR/3 _exists_: field:* {} * ~ ( ) -'.split())).map(" ".join)
)
def test_whatever_is_typed_is_compiled_to_allowed_keys_alone(text: str) -> None:
    try:
        tree = parse(text).tree
    except QueryLimitError:
        return
    allowed(tree)


def test_no_kind_of_query_that_reads_text_is_allowed() -> None:
    assert not {key for key in KEYS if "query_string" in key or key in ("script", "more_like_this", "percolate")}
