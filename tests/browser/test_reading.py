"""A reader's way through the site in a real browser: nothing fails, nothing is fetched from elsewhere."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Locator, Page, Request, Route, expect


def box(page: Page) -> Locator:
    return page.get_by_label("Search who said what")


def test_from_the_first_page_to_a_paragraph_and_back(page: Page, seeds: str) -> None:
    page.goto(seeds)
    box(page).fill("envoy talks")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("paragraph")
    expect(page.locator("mark").first).to_be_visible()
    page.locator("ol.hits h2 a").first.click()
    expect(page).to_have_url(re.compile(r"/article/.*#p\d+$"))
    expect(page.locator(".paragraph:target mark").first).to_be_visible()
    page.go_back()
    expect(box(page)).to_have_value("envoy talks")


def test_a_filter_answers_at_once_keeps_the_focus_and_can_be_taken_back(page: Page, seeds: str) -> None:
    page.goto(f"{seeds}/search?q=")
    status = page.get_by_role("status")
    before = status.inner_text()
    first = page.get_by_role("group", name="Outlet").get_by_role("checkbox").first
    first.check()
    expect(status).not_to_have_text(before)
    expect(page).to_have_url(re.compile(r"[?&]outlet="))
    expect(page.get_by_role("group", name="Outlet").get_by_role("checkbox").first).to_be_focused()
    page.reload()
    expect(status).not_to_have_text(before)
    page.go_back()
    expect(status).to_have_text(before)
    expect(page.get_by_role("checkbox", checked=True)).to_have_count(0)
    page.go_forward()
    page.get_by_label("Filters in force").get_by_role("link").first.click()
    expect(status).to_have_text(before)


def test_a_filter_keeps_the_words_that_were_typed_meanwhile(page: Page, seeds: str) -> None:
    page.goto(f"{seeds}/search?q=ferry")
    box(page).fill("harbour")
    page.get_by_role("group", name="Part of the article").get_by_role("checkbox").first.check()
    expect(page).to_have_url(re.compile(r"q=harbour.*kind="))


def test_completions_are_offered_chosen_and_left(page: Page, seeds: str) -> None:
    page.goto(seeds)
    field = box(page)
    field.press_sequentially("ferry har")
    options = page.get_by_role("option")
    expect(options.first).to_be_visible()
    expect(field).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    chosen = field.input_value()
    assert chosen.startswith("ferry har")
    page.keyboard.press("End")
    expect(options.last).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Home")
    expect(field).to_have_value(chosen)
    page.keyboard.press("Escape")
    expect(field).to_have_value("ferry har")
    expect(field).to_have_attribute("aria-expanded", "false")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"q=ferry\+har$"))


def test_a_late_completion_is_dropped(page: Page, seeds: str) -> None:
    held: list[Route] = []

    def hold(route: Route, request: Request) -> None:
        if request.url.endswith("q=har"):
            held.append(route)
        else:
            route.continue_()

    page.goto(seeds)
    page.route("**/suggest*", hold)
    with page.expect_request("**/suggest?q=har"):
        box(page).press_sequentially("har")
    box(page).fill("comet")
    expect(page.get_by_role("option").first).to_contain_text("comet")
    held[0].continue_()
    page.wait_for_timeout(150)
    expect(page.get_by_role("option").first).to_contain_text("comet")


def test_why_and_what_stands_around_open_with_one_click(page: Page, seeds: str) -> None:
    page.goto(f"{seeds}/search?q=comet")
    why = page.locator(".why").first
    why.locator("summary").click()
    expect(why.locator("li").first).to_contain_text("quotation")
    near = page.locator(".near").first
    near.get_by_text("Around it").click()
    expect(near.locator("p").first).to_be_visible()


def test_the_timeline_narrows_by_mouse_and_its_table_by_keyboard(page: Page, seeds: str) -> None:
    page.goto(f"{seeds}/search?q=")
    before = page.get_by_role("status").inner_text()
    page.locator(".timeline a:has(.bar)").first.click()
    expect(page).to_have_url(re.compile(r"from=(\d{4}(-\d\d)?)&to=\1$"))
    expect(page.get_by_role("status")).not_to_have_text(before)
    page.goto(f"{seeds}/search?q=")
    page.locator(".time summary").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    link = page.locator(".time table a").first
    expect(link).to_be_focused()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"from="))


def test_the_reasons_for_a_score_are_shown_when_asked_for(page: Page, seeds: str) -> None:
    page.goto(f"{seeds}/search?q=harbour&explain=true")
    page.locator(".scored summary").first.click()
    expect(page.locator(".scored code").first).to_have_text("harbour")


def test_an_article_signs_its_quotations(page: Page, seeds: str) -> None:
    page.goto(f"{seeds}/article/meridian/comet-dust")
    first = page.locator(".paragraph .said").first
    expect(first).to_have_attribute("title", "Yusra Delacroix")
    expect(page.locator(".paragraph.heard .margin").first).to_contain_text("Researchers")
    page.get_by_role("complementary").get_by_role("link", name="paragraph").first.click()
    expect(page.locator(".paragraph:target")).to_be_visible()


@pytest.mark.parametrize("width", [390, 820, 1440])
@pytest.mark.parametrize("path", ["/", "/search?q=harbour", "/article/seoul-envoy-visit", "/help", "/about"])
def test_no_page_is_wider_than_the_screen(page: Page, seeds: str, path: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(seeds + path)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_without_javascript_everything_works(chromium: Browser, seeds: str) -> None:
    plain = chromium.new_context(java_script_enabled=False)
    tab = plain.new_page()
    tab.goto(seeds)
    box(tab).fill("harbour OR comet")
    tab.get_by_role("button", name="Search").click()
    expect(tab.get_by_role("status")).to_contain_text("paragraph")
    tab.get_by_role("group", name="Outlet").get_by_role("checkbox").first.check()
    tab.get_by_role("button", name="Apply").click()
    expect(tab.get_by_label("Filters in force")).to_be_visible()
    tab.locator(".near summary").first.click()
    expect(tab.locator(".near p").first).to_be_visible()
    plain.close()


def test_on_paper_there_is_the_text_and_nothing_to_click(page: Page, seeds: str) -> None:
    page.emulate_media(media="print")
    page.goto(f"{seeds}/article/meridian/comet-dust")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.locator(".margin").first).to_be_visible()
    expect(page.locator("header.top")).to_be_hidden()
