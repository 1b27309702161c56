"""The offline page in a real browser: figures open events, events open citations, filters narrow."""

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, sync_playwright

CHROMIUM = shutil.which("chromium")
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None and os.environ.get("CI") != "true", reason="needs chromium on the path"),
]


@pytest.fixture(scope="module")
def told() -> list[str]:
    """What the page said on the console, and every address that it asked for."""
    return []


@pytest.fixture(scope="module")
def page(reports: Path, told: list[str]) -> Iterator[Page]:
    assert CHROMIUM is not None, "CI=true, yet chromium is not on the path"
    address = (reports / "full" / "report.html").resolve().as_uri()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, headless=True, args=FLAGS)
        context = browser.new_context(offline=True, viewport={"width": 1400, "height": 900})
        page = context.new_page()
        page.on("console", lambda m: told.append(f"{m.type}: {m.text}") if m.type in ("error", "warning") else None)
        page.on("pageerror", lambda e: told.append(f"pageerror: {e}"))
        page.on("request", lambda r: told.append(f"request: {r.url}") if r.url.split("#")[0] != address else None)
        page.goto(address)
        page.wait_for_function("document.documentElement.dataset.ready == 'yes'", timeout=60_000)
        page.wait_for_function("document.querySelectorAll('figure svg').length >= 5", timeout=60_000)
        yield page
        browser.close()


def test_the_page_loads_offline_without_a_word(page: Page, told: list[str]) -> None:
    assert page.title() == "Military cooperation of China and Russia"
    asked = [t for t in told if not t.startswith(("request: data:", "request: blob:"))]
    assert asked == []
    charts = page.evaluate("() => JSON.parse(document.getElementById('data').textContent).charts.length")
    assert page.locator("figure svg").count() == charts


def test_a_figure_lists_its_events_and_an_event_its_citations(page: Page) -> None:
    data = json.loads(page.locator("#data").text_content() or "")
    refs = page.locator("#summary a.ref")
    counted = [
        (refs.nth(i), ids)
        for i in range(refs.count())
        if (ids := (refs.nth(i).get_attribute("data-ids") or "").split())[0] in data["rows"]
        and refs.nth(i).inner_text().strip().isdigit()
    ]
    ref, ids = next(
        (r, i) for r, i in counted if int(r.inner_text()) == len(i)
    )  # the first count: a year has no such number
    ref.click()
    events = page.locator("#panel > details.event")
    assert len(ids) > 1
    assert events.count() == len(ids) == int(ref.inner_text())
    first = events.first
    assert not first.locator("ol li a").first.is_visible()
    first.locator("summary").first.click()
    links = first.locator("ol li a")
    assert links.first.is_visible()
    cited = [c["url"] for c in data["rows"][ids[0]]["citations"]]
    assert [links.nth(i).get_attribute("href") for i in range(links.count())] == cited


def test_a_level_opens_its_criteria_down_to_citations(page: Page) -> None:
    page.locator("#quick-look table a.ref").first.click()
    criteria = page.locator("#panel > details.event")
    assert criteria.count() >= 5
    met = page.locator("#panel > details.event:has(span.met)").first
    met.locator("summary").first.click()
    event = met.locator("details.event").first
    event.locator("summary").first.click()
    assert (event.locator("ol li a").first.get_attribute("href") or "").startswith("http")


def test_a_mark_of_a_chart_lists_its_events(page: Page) -> None:
    page.locator("#chart-families").scroll_into_view_if_needed()
    page.evaluate("document.getElementById('panel').replaceChildren()")
    marks = page.locator("#chart-families svg .mark-rect.role-mark path")
    sizes = [(marks.nth(i).bounding_box() or {"height": 0})["height"] for i in range(marks.count())]
    marks.nth(sizes.index(max(sizes))).click()
    events = page.locator("#panel > details.event")
    assert events.count() >= 1
    assert "·" in page.locator("#panel h2").first.inner_text()
    events.first.evaluate("node => { node.open = true; }")
    assert events.first.locator("ol li a").count() >= 1


def test_a_cell_of_the_heat_map_opens_its_rating(page: Page) -> None:
    page.locator("#chart-levels").scroll_into_view_if_needed()
    page.evaluate("document.getElementById('panel').replaceChildren()")
    page.locator("#chart-levels svg .mark-rect.role-mark path").last.click()
    assert page.locator("#panel .met, #panel .unmet").count() >= 5


def shown(page: Page) -> set[str]:
    script = "[...document.querySelectorAll('#chronology ul.events li')].filter(n => !n.hidden).map(n => n.dataset.id)"
    return set(page.evaluate(script))


def test_years_and_areas_narrow_the_chronology(page: Page) -> None:
    rows = json.loads(page.locator("#data").text_content() or "")["rows"]
    everything = shown(page)
    assert len(everything) > 200
    page.locator("#filter-from").fill("2012")
    page.locator("#filter-from").dispatch_event("change")
    page.locator("#filter-to").fill("2014")
    page.locator("#filter-to").dispatch_event("change")
    three_years = shown(page)
    assert three_years == {i for i in everything if 2012 <= rows[i]["year"] <= 2014}
    boxes = page.locator("#filters input[type=checkbox]")
    for i in range(boxes.count()):
        if boxes.nth(i).get_attribute("data-area") != "exercises":
            boxes.nth(i).uncheck()
    assert shown(page) == {i for i in three_years if "exercises" in rows[i]["areas"]}
    assert 0 < len(shown(page)) < len(three_years) < len(everything)
    for i in range(boxes.count()):
        boxes.nth(i).check()
    assert shown(page) == three_years
