"""A reader's way through the site in a real browser: nothing fails, nothing is fetched from elsewhere."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, expect, sync_playwright

from tests.conftest import ROOT
from tests.test_readme import free_port, until_open

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
if not CHROMIUM and not os.environ.get("CI"):
    pytest.skip("there is no Chromium on this machine", allow_module_level=True)


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The samples, served as a newcomer serves them."""
    port = free_port()
    index = tmp_path_factory.mktemp("browser") / "index"
    command = [sys.executable, "-m", "search.cli", "serve", "seeds", "--port", str(port), "--index", str(index)]
    site = subprocess.Popen(
        command, cwd=ROOT, stderr=subprocess.PIPE, start_new_session=True, env={**os.environ, "PYTHONPATH": str(ROOT)}
    )
    assert site.stderr is not None
    try:
        until_open(f"http://127.0.0.1:{port}/", site)
        yield f"http://127.0.0.1:{port}"
    finally:
        os.killpg(site.pid, signal.SIGTERM)
        site.wait()
        site.stderr.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[BrowserContext]:
    assert CHROMIUM, "CI must have Chromium"
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        context = started.new_context()
        yield context
        context.close()
        started.close()


@pytest.fixture
def page(browser: BrowserContext, address: str) -> Iterator[Page]:
    """A tab that fails the test on any error in the console and on any request to elsewhere."""
    tab = browser.new_page()
    wrong: list[str] = []
    tab.on("console", lambda message: wrong.append(message.text) if message.type in ("error", "warning") else None)
    tab.on("pageerror", lambda error: wrong.append(str(error)))
    tab.on("request", lambda request: None if request.url.startswith(address) else wrong.append(request.url))
    yield tab
    tab.close()
    assert wrong == []


def test_from_the_home_page_to_a_paragraph_and_back(page: Page, address: str) -> None:
    page.goto(address)
    page.get_by_label("Search who said what").fill("envoy talks")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("paragraph")
    expect(page.locator("mark").first).to_be_visible()
    page.locator("ol.hits h2 a").first.click()
    expect(page).to_have_url(re.compile(r"/article/.*#p\d+$"))
    expect(page.locator(".paragraph:target mark").first).to_be_visible()
    page.go_back()
    expect(page.get_by_label("Search who said what")).to_have_value("envoy talks")


def test_a_filter_narrows_and_its_button_takes_it_back(page: Page, address: str) -> None:
    page.goto(f"{address}/search?q=")
    before = page.get_by_role("status").inner_text()
    box = page.locator("fieldset", has_text="Outlet").get_by_role("checkbox").first
    box.check()
    page.get_by_role("button", name="Apply").click()
    expect(page.get_by_role("status")).not_to_have_text(before)
    page.get_by_label("Filters in force").get_by_role("link").first.click()
    expect(page.get_by_role("status")).to_have_text(before)


def test_the_keyboard_alone_is_enough(page: Page, address: str) -> None:
    page.goto(f"{address}/about")
    page.keyboard.press("Tab")
    expect(page.get_by_text("Skip to content")).to_be_focused()
    page.keyboard.press("/")
    expect(page.get_by_label("Search who said what")).to_be_focused()
    page.keyboard.type("harbour")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("paragraph")


@pytest.mark.parametrize("width", [320, 390, 820, 1440])
@pytest.mark.parametrize("path", ["/", "/search?q=harbour", "/article/seoul-envoy-visit", "/help", "/about"])
def test_no_page_is_wider_than_the_screen(page: Page, address: str, path: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(address + path)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_without_javascript_everything_works(browser: BrowserContext, address: str) -> None:
    assert browser.browser is not None
    plain = browser.browser.new_context(java_script_enabled=False)
    tab = plain.new_page()
    tab.goto(address)
    tab.get_by_label("Search who said what").fill("harbour")
    tab.get_by_role("button", name="Search").click()
    expect(tab.get_by_role("status")).to_contain_text("paragraph")
    expect(tab.get_by_role("button", name="Apply")).to_be_visible()
    plain.close()
