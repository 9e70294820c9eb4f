"""A real browser on real archives: one browser and one server of each kind for all tests of a run."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright
from werkzeug.serving import make_server

from search import Archive, Settings
from tests.browser.hard import HARD
from tests.conftest import ROOT, write_lines
from web import create_app

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
_ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update")


@contextmanager
def served(folder: Path, *paths: Path) -> Iterator[str]:
    """The address of a site on an archive of these articles; without any, there is no archive."""
    settings = Settings(index=folder / "index", jobs=1)
    with Archive.open(settings=settings) as archive:
        if paths:
            archive.index(paths)
        server = make_server("127.0.0.1", 0, create_app(archive, settings=settings), threaded=True)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.port}"
        finally:
            server.shutdown()
            thread.join()
            server.server_close()


@pytest.fixture(scope="session")
def seeds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The samples, as a newcomer sees them."""
    with served(tmp_path_factory.mktemp("seeds"), ROOT / "seeds") as address:
        yield address


@pytest.fixture(scope="session")
def hard(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """What is hard to show: hostile text, endless words, other directions of writing, very many results."""
    folder = tmp_path_factory.mktemp("hard")
    with served(folder, write_lines(folder / "hard.jsonl", *HARD)) as address:
        yield address


@pytest.fixture(scope="session")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """An archive without articles."""
    folder = tmp_path_factory.mktemp("empty")
    (folder / "articles").mkdir()
    with served(folder, folder / "articles") as address:
        yield address


@pytest.fixture(scope="session")
def nowhere(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A site without an index."""
    with served(tmp_path_factory.mktemp("nowhere")) as address:
        yield address


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    if not CHROMIUM and not os.environ.get("CI"):
        pytest.skip("there is no Chromium on this machine")
    assert CHROMIUM, "where changes are judged there must be a Chromium"
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=list(_ARGUMENTS))
        yield started
        started.close()


@pytest.fixture(scope="session")
def context(chromium: Browser) -> Iterator[BrowserContext]:
    opened = chromium.new_context(reduced_motion="reduce")
    opened.set_default_timeout(10_000)
    yield opened
    opened.close()


def _bad(message: ConsoleMessage) -> bool:
    return message.type in ("error", "warning") and "with a status of 4" not in message.text


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A tab that fails the test on any error in the console, any dialogue and any request to elsewhere.

    That an answer was meant to be an error, as 404, is the one thing the console may say.
    """
    tab = context.new_page()
    wrong: list[str] = []
    tab.on(
        "console",
        lambda m: wrong.append(m.text) if m.type in ("error", "warning") and "status of" not in m.text else None,
    )
    tab.on("pageerror", lambda error: wrong.append(str(error)))
    tab.on("dialog", lambda dialog: (wrong.append(f"dialogue: {dialog.message}"), dialog.dismiss()))
    tab.on("request", lambda r: None if r.url.startswith("http://127.0.0.1:") else wrong.append(r.url))
    yield tab
    tab.close()
    assert wrong == []
