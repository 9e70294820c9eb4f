"""How an index of paragraphs is laid out in the cluster, and the small one beside it."""

from __future__ import annotations

from typing import Any

from search.engines.opensearch.documents import FOLDED, GAP, STEMMED, VALUES, WORDS
from search.engines.weights import K1, B

SCHEMA_VERSION = 3
DEEPEST = 100_000
"""Hits down to which pages go where copies or articles are folded; elsewhere there is no end."""

_LONGEST = 8_000
"""Characters of a value that is kept to be filtered by and counted."""

Json = dict[str, Any]


def index_body(shards: int, replicas: int | None, meta: Json) -> Json:
    """Settings and mapping of a new index. replicas: None for one, where there is a second node to hold it."""
    return {
        "settings": {
            "number_of_shards": shards,
            **_replicas(replicas),
            # What is written is to be seen when a run has ended, not piece by piece.
            "refresh_interval": -1,
            "max_terms_count": 65_536,
            "max_result_window": DEEPEST,
            "similarity": {"default": {"type": "BM25", "k1": K1, "b": B}},
            "analysis": {
                "tokenizer": {"lines": {"type": "char_group", "tokenize_on_chars": ["\n"], "max_token_length": 1000}},
                "filter": {
                    "stacked": {"type": "pattern_capture", "preserve_original": False, "patterns": ["([^\t]+)"]}
                },
                "analyzer": {
                    "lines": {"type": "custom", "tokenizer": "lines"},
                    "marks": {"type": "custom", "tokenizer": "lines", "filter": ["stacked"]},
                },
            },
        },
        "mappings": {
            "dynamic": "strict",
            "_meta": meta,
            # What is stored comes back from head and body; the terms would only be there twice.
            "_source": {"includes": ["head", "body", "run"]},
            "properties": _properties(),
        },
    }


def _properties() -> Json:
    kept = {"type": "keyword", "index": False, "doc_values": False}
    properties: Json = {
        "head": kept,
        "body": kept,
        "run": {"type": "long", "index": False},
        "number": {"type": "integer"},
        "published": {"type": "date", "format": "strict_date_optional_time"},
        "indexed": {"type": "date", "format": "strict_date_optional_time"},
        "story": {"type": "long"},  # of a group of copies, and of the article: numbers to fold and to count by
        "article_key": {"type": "long", "index": False},
        "copied": {"type": "boolean"},  # whether others are of the same story
        "signature": {"type": "keyword", "index": False},
        "bands": {"type": "integer", "doc_values": False},
        "words": {"type": "keyword", "index": False},
    }
    for name in STEMMED:
        properties[name] = _words(norms=True)
        properties[f"{name}_stem"] = _words(norms=True)
        properties[f"{name}_marks"] = {**_words(norms=False), "analyzer": "marks"}
    properties |= {name: _words(norms=False) for name in WORDS}
    # Lucene takes no value beyond 32,766 bytes, and would refuse the paragraph for it.
    properties |= {name: {"type": "keyword", "ignore_above": _LONGEST} for name in VALUES}
    properties |= {f"{name}_fold": {**properties[name], "doc_values": False} for name in FOLDED}
    properties["article"] = {"type": "keyword"}
    return properties


def _words(*, norms: bool) -> Json:
    return {"type": "text", "analyzer": "lines", "norms": norms, "position_increment_gap": GAP}


def register_body(replicas: int | None) -> Json:
    """The small index that holds the sources of each generation, and the locks."""
    return {
        "settings": {"number_of_shards": 1, **_replicas(replicas)},
        "mappings": {
            "dynamic": "strict",
            "properties": {
                "generation": {"type": "keyword"},
                "run": {"type": "long"},
                "articles": {"type": "long"},
                "paragraphs": {"type": "long"},
                "order": {"type": "keyword"},
                "part": {"type": "integer"},
                "content": {"type": "keyword", "index": False, "doc_values": False},
            },
        },
    }


def _replicas(replicas: int | None) -> Json:
    return {"auto_expand_replicas": "0-1"} if replicas is None else {"number_of_replicas": replicas}
