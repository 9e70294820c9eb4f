"""Our segments are Whoosh's: its own searcher reads them, and finds and scores as we do under the same idf."""

from __future__ import annotations

import math
import tempfile
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from whoosh import query, scoring
from whoosh.filedb.filestore import FileStorage

from search.engines import ENGINES
from search.engines.whoosh import laying, segments
from search.engines.whoosh.mapped import Held
from search.engines.whoosh.segments import Bounds, Terms
from search.engines.whoosh.streams import Packed
from search.model import Article, Kind, Metadata, Paragraph, SearchRequest
from search.query.nodes import And, Node, Or, Word

ENGINE = ENGINES["whoosh"]
WORDS = "ice harbour talks ferry said café".split()


class Lucene(scoring.BM25F):  # type: ignore[misc]
    """Whoosh's BM25 with the idf that everybody else uses."""

    def idf(self, searcher: Any, fieldname: str, text: str) -> float:
        having, count = searcher.doc_frequency(fieldname, text), searcher.doc_count_all()
        return math.log(1 + (count - having + 0.5) / (having + 0.5))


# Whoosh keeps a length in one byte, which is exact up to ten.
titles = st.lists(st.sampled_from(WORDS), min_size=1, max_size=10).map(" ".join)
leaves = st.sampled_from([*WORDS, "zeppelin"]).map(lambda word: Word(word, "title", True))
trees: st.SearchStrategy[Node] = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.builds(And, st.lists(inner, min_size=2, max_size=2, unique=True).map(tuple)),
        st.builds(Or, st.lists(inner, min_size=2, max_size=3, unique=True).map(tuple)),
    ),
    max_leaves=4,
)


def theirs(node: Node) -> query.Query:
    match node:
        case Word(text):
            return query.Term("title", text.replace("é", "e").encode())
        case And(parts):
            return query.And([theirs(part) for part in parts])
        case Or(parts):
            return query.Or([theirs(part) for part in parts])
    raise AssertionError(node)


@settings(max_examples=40, deadline=None)
@given(st.lists(titles, min_size=1, max_size=12), trees, st.sampled_from([0, 32]))
def test_whoosh_finds_and_scores_the_same(given_titles: list[str], tree: Node, memory: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        with ENGINE.create(Path(folder), memory=memory) as writer:
            for number, title in enumerate(given_titles):
                head = Metadata(f"a{number}", title=title)
                writer.put(*ENGINE.prepare([Article(head, (Paragraph(head, 0, Kind.BODY, "text"),))]))
        reader = ENGINE.open(Path(folder))
        ours = {p.article.id: score for p, score in reader.search(tree, SearchRequest(size=100)).hits}
        reader.close()
        with FileStorage(folder).open_index().searcher(weighting=Lucene()) as searcher:
            found = searcher.search(theirs(tree), limit=None)
            scores = {_article(searcher, hit.docnum): hit.score for hit in found}
        assert scores.keys() == ours.keys()
        if memory:  # several segments: Whoosh takes each one's own average length
            assert scores == {key: pytest.approx(score, rel=1e-4) for key, score in ours.items()}


def _article(searcher: Any, doc: int) -> str:
    stored: str = searcher.stored_fields(doc)["head"]
    return stored.split('"')[1]


TERMS = st.text("abé", max_size=4).map(str.encode)


@given(st.lists(TERMS, unique=True, max_size=40).map(sorted), st.lists(TERMS, max_size=20), st.sampled_from([0, 3, 99]))
def test_a_term_is_found_whether_few_or_all_are_read(given_: list[bytes], wanted: list[bytes], often: int) -> None:
    with mock.patch.multiple(segments, OFTEN=often, BETWEEN_TOPS=3), mock.patch.object(laying, "BETWEEN_TOPS", 3):
        held = Held(dict(laying.term_sections("text", Packed.of(given_))))
        terms, bounds = Terms(held, "text"), Bounds(held, "text.at")
        assert list(terms) == given_
        for one in [*wanted, *given_]:
            assert terms.find(one) == (given_.index(one) if one in given_ else -1)
            there = terms.beginning(one)
            assert terms[there.start : there.stop] == [term for term in given_ if term.startswith(one)]
        for place, one in enumerate(given_):
            start, end = bounds[place]
            assert terms[place] == one
            assert held.whole("text")[start:end].tobytes() == one
