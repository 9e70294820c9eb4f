"""A Whoosh storage whose files survive a power cut; Whoosh itself never flushes one to the disk."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from whoosh.filedb.filestore import FileStorage

from search.files import make_folder_durable


class DurableStorage(FileStorage):
    """Flushes each file as it is closed, and the folder when a file in it gets its final name."""

    def create_file(self, name: Any, excl: Any = False, mode: Any = "wb", **options: Any) -> Any:
        file = super().create_file(name, excl, mode, **options)
        before = file.onclose

        def flush(closing: Any) -> None:
            raw = getattr(closing, "file", None) or getattr(closing, "_file", None)
            if raw is not None and not raw.closed:
                raw.flush()
                os.fsync(raw.fileno())
            if before:
                before(closing)

        file.onclose = flush
        return file

    def rename_file(self, oldname: str, newname: str, safe: bool = False) -> None:
        make_folder_durable(Path(self.folder))
        super().rename_file(oldname, newname, safe=safe)
        make_folder_durable(Path(self.folder))
