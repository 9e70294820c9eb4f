"""The query tree: a few frozen dataclasses that every engine compiles.

A node holds the words as typed; ``search.analysis`` turns them into terms when an engine compiles the
tree, so that indexing, querying and highlighting agree. ``str(node)`` is the query in our own language,
and parsing that again gives an equal tree.
"""

from __future__ import annotations
