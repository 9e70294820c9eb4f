"""What is hard to show: hostile text in every field, endless words, other directions, very many results, nothing."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect

from tests.browser.hard import HOSTILE


@pytest.mark.parametrize("path", ["/", "/search?q=harbour", "/search?q=fear", "/article/hostile?q=harbour", "/about"])
def test_hostile_articles_never_run(page: Page, hard: str, path: str) -> None:
    page.goto(hard + path)
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    assert (
        page.evaluate("document.querySelectorAll('main img, main script, main [onload], main [onerror]').length") == 0
    )


@pytest.mark.parametrize("name", ["q", "speaker", "topic", "outlet", "kind", "from", "sort", "page", "z", HOSTILE])
def test_a_hostile_address_never_runs(page: Page, hard: str, name: str) -> None:
    for path in ("/search", "/article/hostile", f"/{quote(HOSTILE)}"):
        page.goto(f"{hard}{path}?{quote(name)}={quote(HOSTILE)}")
        assert page.locator("main img, main script").count() == 0


def test_a_hostile_completion_never_runs(page: Page, hard: str) -> None:
    page.goto(hard)
    page.get_by_label("Search who said what").press_sequentially("onlo")
    page.wait_for_timeout(300)
    assert page.locator(".options img, .options script").count() == 0


@pytest.mark.parametrize("width", [320, 1440])
@pytest.mark.parametrize("path", ["/", "/search?q=closed", "/article/endless"])
def test_endless_words_stay_on_the_page(page: Page, hard: str, path: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(hard + path)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_text_runs_in_its_own_direction(page: Page, hard: str) -> None:
    page.goto(f"{hard}/article/rtl")
    directions = page.locator(".paragraph > p").evaluate_all("all => all.map((one) => getComputedStyle(one).direction)")
    assert directions == ["rtl", "ltr"]
    page.goto(f"{hard}/search?q=harbour")
    expect(page.locator(".hits bdi", has_text="الميناء مفتوح").first).to_be_visible()


def test_more_than_ten_thousand_results_are_paged_to_the_end_and_back(page: Page, hard: str) -> None:
    page.goto(f"{hard}/search?q=ferry&sort=newest")
    expect(page.get_by_role("status")).to_contain_text("10,200")
    page.get_by_label("Pages").get_by_role("link", name="500").click()
    expect(page.locator(".hit")).to_have_count(20)
    expect(page.get_by_role("status")).to_contain_text("9,981 to 10,000")
    for shown in ("10,001 to 10,020", "10,021 to 10,040"):
        page.get_by_label("Pages").get_by_role("link", name="Next").click()
        expect(page.get_by_role("status")).to_contain_text(shown)
    for shown in ("10,001 to 10,020", "9,981 to 10,000", "9,961 to 9,980"):
        page.get_by_label("Pages").get_by_role("link", name="Previous").click()
        expect(page.get_by_role("status")).to_contain_text(shown)


def test_copies_are_listed_under_the_hit_they_were_folded_into(page: Page, hard: str) -> None:
    page.goto(f"{hard}/search?q=lighthouse")
    expect(page.get_by_role("status")).to_contain_text("3 paragraphs, 1 without copies")
    copies = page.locator("details.copies")
    copies.locator("summary").click()
    expect(copies.locator("li a")).to_have_count(2)
    copies.get_by_role("link", name="Every copy").click()
    expect(page.locator(".hit")).to_have_count(3)


def test_an_empty_archive_says_what_to_do(page: Page, empty: str) -> None:
    page.goto(empty)
    expect(page.get_by_text("onrecord index FOLDER")).to_be_visible()
    page.goto(f"{empty}/search?q=anything")
    expect(page.get_by_role("status")).to_contain_text("No paragraph")
