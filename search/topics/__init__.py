"""What an article and each of its paragraphs is about, in IPTC Media Topics. See docs/topics.md.

Four ways, best first, each told by ``Topic.how``: what the article's own ``metadata`` says, what the ``model`` makes of
the whole article, what a ``rule`` finds in a paragraph; and below the floor of certainty, nothing.
"""

from __future__ import annotations

from collections.abc import Sequence

from search.model import Article
from search.topics.desk import DeskFiles, read_desk, read_desk_files
from search.topics.tagger import Tagging, tagger_of
from search.topics.taxonomy import Taxonomy, names_of, own_names, taxonomy, with_ancestors

__all__ = [
    "DeskFiles",
    "Tagging",
    "Taxonomy",
    "check_desk",
    "names_of",
    "own_names",
    "read_desk_files",
    "tag",
    "tag_all",
    "taxonomy",
    "with_ancestors",
]


def tag(article: Article, files: DeskFiles = DeskFiles()) -> Tagging:  # noqa: B008 - frozen
    """Find the topics of a whole article and of each of its paragraphs.

    files: what the newsroom adds of its own. Raises TopicsFileError where that cannot be understood.
    """
    return tag_all([article], files)[0]


def tag_all(articles: Sequence[Article], files: DeskFiles = DeskFiles()) -> list[Tagging]:  # noqa: B008 - frozen
    """The same for many articles, which takes a third of the time."""
    return tagger_of(files).tag(articles)


def check_desk(files: DeskFiles) -> None:
    """Raises TopicsFileError where the newsroom's own files cannot be understood, before any article is read."""
    read_desk(files)
