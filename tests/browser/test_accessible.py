"""Nobody is shut out: axe-core finds nothing on any state of any page, and the keyboard alone is enough."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

STATES = {
    "home": "/",
    "results": "/search?q=harbour&size=5",
    "narrowed": "/search?q=harbour&outlet=Harbour+Wire&from=2024&match=any",
    "paged": "/search?q=&page=2&sort=newest&size=4",
    "beyond": "/search?q=harbour&page=40",
    "nothing": "/search?q=harbour+zeppelin&outlet=Harbour+Wire",
    "notices": '/search?q="harbour&colour=red&size=3',
    "explained": "/search?q=harbour&explain=true&size=3",
    "refused": "/search?q=harbour&from=yesterday",
    "article": "/article/seoul-envoy-visit?q=talks",
    "help": "/help",
    "about": "/about",
    "missing": "/article/none",
    "programs": "/api",
    "speaker": "/speaker/Yusra%20Delacroix",
    "topic": "/topic/medtop:11000000",
    "speakers": "/speakers?sort=name",
    "said-most": "/speakers?q=harbour",
    "topics": "/topics",
    "check": "/check",
    "exact": "/check?quotation=every+grain+is+a+letter+from+a+star",
    "near": "/check?quotation=every+speck+is+a+letter+from+a+star+that+no+longer+exists",
    "other": "/check?quotation=every+grain+is+a+letter+from+a+star+that+no+longer+exists&speaker=Marta+Quill",
    "paraphrase": "/check?quotation=a+letter+from+a+star+long+gone+is+in+every+grain",
    "not-found": "/check?quotation=elephants+never+forget+a+kindness",
    "no-words": "/check?quotation=...",
}


def open_all(page: Page) -> None:
    """Open whatever can be opened."""
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")


ALL_RULES = {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}
SHOWN_RULES = ALL_RULES | {
    "runOnly": ["color-contrast", "target-size", "link-in-text-block", "scrollable-region-focusable"]
}
"""What another width and other colours can change."""


@pytest.fixture(
    scope="module", params=[("light", 1280, ALL_RULES), ("dark", 390, SHOWN_RULES)], ids=lambda p: f"{p[0]}-{p[1]}"
)
def check(request: pytest.FixtureRequest, chromium: Browser) -> Iterator[Callable[[str], None]]:
    scheme, width, rules = request.param
    context = chromium.new_context(
        color_scheme=scheme, viewport={"width": width, "height": 900}, reduced_motion="reduce"
    )
    tab, axe = context.new_page(), Axe()

    def check(address: str) -> None:
        tab.goto(address)
        open_all(tab)
        found = axe.run(tab, options=rules)
        assert found.violations_count == 0, found.generate_report()

    yield check
    context.close()


@pytest.mark.parametrize("state", STATES)
def test_axe_finds_nothing(check: Callable[[str], None], seeds: str, state: str) -> None:
    check(seeds + STATES[state])


def test_axe_finds_nothing_in_an_empty_archive(check: Callable[[str], None], empty: str) -> None:
    check(empty + "/")


def test_axe_finds_nothing_where_there_is_no_archive_yet(check: Callable[[str], None], nowhere: str) -> None:
    check(nowhere + "/search?q=harbour")


@pytest.mark.parametrize("path", ["/", "/search?q=harbour", "/article/hostile?q=harbour", "/article/rtl"])
def test_axe_finds_nothing_on_what_is_hard_to_show(check: Callable[[str], None], hard: str, path: str) -> None:
    check(hard + path)


def test_axe_finds_nothing_while_completions_are_open(page: Page, seeds: str) -> None:
    page.goto(seeds)
    page.get_by_label("Search who said what").press_sequentially("har")
    expect(page.get_by_role("option").first).to_be_visible()
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def test_the_keyboard_alone_leads_from_the_first_page_to_a_reason(page: Page, seeds: str) -> None:
    """Skip link, box, completion, filter, hit, reason, and the paragraph in its article."""
    page.goto(f"{seeds}/about")
    page.keyboard.press("Tab")
    expect(page.get_by_text("Skip to content")).to_be_focused()
    page.keyboard.press("/")
    box = page.get_by_label("Search who said what")
    expect(box).to_be_focused()
    page.keyboard.type("toll OR orchestra OR comet")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("paragraph")
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(page.locator(".hit h2 a").nth(1)).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(page.locator(".hit h2 a").first).to_be_focused()
    reason = page.locator(".why summary").first
    reason.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".why[open] ul").first).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".why[open]")).to_have_count(0)
    expect(reason).to_be_focused()


def test_tab_reaches_everything_in_the_order_it_is_read(page: Page, seeds: str) -> None:
    page.goto(f"{seeds}/search?q=harbour&outlet=Harbour+Wire")
    seen: list[str] = []
    for _ in range(80):
        page.keyboard.press("Tab")
        seen.append(page.evaluate("(document.activeElement.closest('[id]') || document.body).id"))
        if page.evaluate("document.activeElement.closest('.hit') !== null"):
            break
    order = list(dict.fromkeys(seen))
    assert order.index("q") < order.index("filters") < order.index("hits")


def test_every_stop_of_the_tab_key_can_be_seen(page: Page, seeds: str) -> None:
    page.goto(f"{seeds}/article/seoul-envoy-visit")
    for _ in range(12):
        page.keyboard.press("Tab")
        outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert outline != "none", page.evaluate("document.activeElement.outerHTML")


def test_touch_targets_are_large_enough(page: Page, seeds: str) -> None:
    """24 by 24 pixels (WCAG 2.2, 2.5.8), but for links within running text and bars that a table repeats."""
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(f"{seeds}/search?q=harbour")
    open_all(page)
    small = page.evaluate(
        """[...document.querySelectorAll('main a, main button, main summary, main label, header a')]
           .filter((one) => one.getClientRects().length && !one.closest('p, dd, td, th, svg, .unseen'))
           .map((one) => [one.getBoundingClientRect(), one.outerHTML])
           .filter(([box]) => box.height < 23.5 || box.width < 23.5).map(([, html]) => html)"""
    )
    assert small == []


def test_at_twice_the_size_nothing_is_cut_off(page: Page, seeds: str) -> None:
    """A browser at 200 % on 1280 pixels lays out 640; at 400 %, 320."""
    for width in (640, 320):
        page.set_viewport_size({"width": width, "height": 700})
        for path in STATES.values():
            page.goto(seeds + path)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, path
