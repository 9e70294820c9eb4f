"""Make the pictures of docs/images anew, from the samples: ``python docs/screenshots.py``.

Needs the ``test`` extra and a Chromium. A picture over 200 KB is refused.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
import threading
from pathlib import Path

from playwright.sync_api import Page, sync_playwright
from werkzeug.serving import make_server

from search import Archive, Settings
from web import create_app

ROOT = Path(__file__).resolve().parents[1]
LARGEST = 200_000  # bytes
ALTERED = "Every+speck+is+a+letter+from+a+star+that+no+longer+exists"
PICTURES = (
    ("results", "/search?q=harbour+OR+toll", "light", 1280, 860, ".hit .why >> nth=0"),
    ("check", f"/check?quotation={ALTERED}&speaker=Delacroix", "light", 1280, 960, ""),
    ("article", "/article/meridian/comet-dust?q=dust", "dark", 1280, 800, ""),
)
"""Name, page, colour scheme, width and height in pixels, and what is clicked first."""


def main() -> int:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        settings = Settings(index=Path(folder) / "index", jobs=1)
        with Archive.open(settings=settings) as archive:
            archive.index([ROOT / "seeds"])
            server = make_server("127.0.0.1", 0, create_app(archive, settings=settings), threaded=True)
            threading.Thread(target=server.serve_forever, daemon=True).start()
            browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
            for name, path, scheme, width, height, click in PICTURES:
                page = browser.new_page(color_scheme=scheme, viewport={"width": width, "height": height})  # type: ignore[arg-type]
                page.goto(f"http://127.0.0.1:{server.port}{path}")
                take(page, name, click)
            browser.close()
            server.shutdown()
    return 0


def take(page: Page, name: str, click: str) -> None:
    if click:
        page.locator(f"{click} >> summary").click()
        page.mouse.move(0, 0)
    file = ROOT / "docs" / "images" / f"{name}.png"
    file.parent.mkdir(exist_ok=True)
    size = len(page.screenshot(path=file))
    if size > LARGEST:
        sys.exit(f"{file} has {size:,} bytes; make it smaller")
    sys.stderr.write(f"{file.relative_to(ROOT)}: {size:,} bytes\n")


if __name__ == "__main__":
    sys.exit(main())
