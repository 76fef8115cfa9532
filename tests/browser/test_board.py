"""The board in a real browser: figures equal SQL, ways down to a dossier, nothing asked for elsewhere, and all can read it."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import text

from assets.board.access.guard import Guard, guarded
from assets.board.app import Board, application
from assets.board.folder import write_folder
from assets.board.pages import PAGES
from assets.board.words import Words
from tests.browser.conftest import DESKTOP, PHONE, Watched
from tests.browser.served_board import Served, served_board
from tests.worlds import World


@pytest.fixture
def served(sample: World) -> Iterator[Served]:
    """The board of a sample with late and overdue dossiers, without accounts."""
    guard = Guard("open", "secret of this test", user="nguoi-thu")
    with served_board(guarded(application(Board(sample.engine)), guard), sample) as opened:
        yield opened


def _opened(browser: Browser, view: Any = None, **options: Any) -> tuple[Page, Watched]:
    page = browser.new_context(viewport=view or DESKTOP, **options).new_page()
    return page, Watched(page)


def _number(text: str) -> int:
    return int(re.sub(r"\D", "", text))


def test_the_first_figure_is_the_warehouses_and_leads_down_to_a_dossier(
    browser: Browser, served: Served
) -> None:
    page, watched = _opened(browser)
    page.goto(served.address)
    ((overdue,),) = served.world.ask("select count(*) from mart.dossier where is_overdue_ii06")
    first = page.locator(".tiles dd a").first
    assert _number(first.inner_text()) == overdue
    first.click()
    rows = page.locator("#form tbody tr")
    assert rows.count() == min(overdue, 50)
    code = rows.first.locator("td").first.inner_text()
    rows.first.locator("a").first.click()
    assert page.locator("h1").inner_text() == f"Hồ sơ {code}"
    assert page.locator("svg.life rect").count() > 0
    assert {url for url in watched.requests if not url.startswith((served.address, "data:"))} == set()
    assert watched.messages == []


def test_a_choice_changes_figures_and_address_and_back_brings_the_old_ones(
    browser: Browser, served: Served
) -> None:
    page, watched = _opened(browser)
    page.goto(f"{served.address}/thoi-han?date_from=2023-07-01&date_to=2023-07-31")
    ((whole, some),) = served.world.ask(
        "select sum(a.received_total)::bigint,"
        " (select sum(b.received_total)::bigint from mart.form_ii06('2023-07-01', '2023-07-10') as b)"
        " from mart.form_ii06('2023-07-01', '2023-07-31') as a"
    )
    assert _number(page.locator(".tiles dd").first.inner_text()) == whole
    page.fill('input[name="date_to"]', "2023-07-10")
    page.wait_for_url("**date_to=2023-07-10**")
    expect(page.locator(".tiles dd").first).to_have_text(Words("vi").value(some, "count"))
    page.go_back()
    expect(page.locator(".tiles dd").first).to_have_text(Words("vi").value(whole, "count"))
    assert watched.messages == []


_FIRST_FIGURES = (
    (
        "/",
        "#overdue_by_unit",
        "select sum(overdue_open) from mart.overdue_daily_ii06 where date = mart.horizon()",
    ),
    ("/thoi-han", "#by_sector", "select sum(received_total) from mart.form_ii06('2023-07-01', '2023-07-31')"),
    (
        "/qua-han",
        "#overdue_by_unit",
        "select sum(overdue_open) from mart.overdue_daily_ii06 where date = least('2023-07-31', mart.horizon())",
    ),
    ("/khau", "#stage", "select count(*) from mart.stage('2023-07-01', '2023-07-31')"),
    ("/dich-vu", "#by_channel", "select sum(received_total) from mart.form_ii06('2023-07-01', '2023-07-31')"),
    ("/hai-cong", "#disagreement_by_kind", "select count(*) from mart.portal_disagreement"),
    ("/sua-sau", "#edited_by_kind", "select count(*) from mart.edited_as_known('infinity')"),
    (
        "/nguon",
        "#quarantine_by_rule",
        "select count(*) from mart.quarantine_problem where resolved_at is null",
    ),
)


def test_the_sum_of_each_page_is_that_of_sql_and_leads_down_to_a_dossier(
    browser: Browser, served: Served
) -> None:
    """The first sum of a table of each page; what it opens has as many, and its first row a dossier's card."""
    page, watched = _opened(browser)
    assert {path for path, *_ in _FIRST_FIGURES} == {each.path for each in PAGES}
    for path, table, statement in _FIRST_FIGURES:
        page.goto(f"{served.address}{path}?date_from=2023-07-01&date_to=2023-07-31")
        ((expected,),) = served.world.ask(statement)
        if expected == 0:
            none = page.locator(f"{table} td.n").first
            assert none.count() == 0 or _number(none.inner_text()) == 0, path
            continue
        # A table of one row has no sum.
        rows = page.locator(f"{table} tbody tr").count()
        summed = page.locator(f"{table} {'tfoot' if rows > 1 else 'tbody'} td.n").first
        assert _number(summed.inner_text()) == expected, path
        summed.locator("a").click()
        assert page.locator("tbody tr").count() == min(expected, 50) or path in ("/qua-han", "/"), path
        code = page.locator("tbody a[href^='/ho-so/']").first
        if path != "/nguon":  # what was refused has no card
            written = code.inner_text()
            code.click()
            assert page.locator("h1").inner_text() == f"Hồ sơ {written}", path
    assert {url for url in watched.requests if not url.startswith((served.address, "data:"))} == set()
    assert watched.messages == []


@pytest.mark.parametrize(
    ("view", "scheme"),
    [
        pytest.param(DESKTOP, "light", id="desktop-light"),
        pytest.param(PHONE, "dark", id="phone-dark"),
        pytest.param(DESKTOP, "dark", id="desktop-dark", marks=pytest.mark.long),
        pytest.param(PHONE, "light", id="phone-light", marks=pytest.mark.long),
    ],
)
def test_axe_finds_nothing_serious_on_any_page(
    browser: Browser, served: Served, view: Any, scheme: Any
) -> None:
    page, watched = _opened(browser, view, color_scheme=scheme)
    ((code,),) = served.world.ask("select min(dossier_code) from mart.dossier where is_counted")
    paths = [each.path for each in PAGES] + [
        "/danh-sach?list=form&figure=received_total",
        f"/ho-so/{code}",
        "/tim?words=000",
    ]
    for path, lang in itertools.product(paths, ("vi", "en")):
        page.goto(f"{served.address}{path}{'&' if '?' in path else '?'}lang={lang}")
        assert page.locator("html").get_attribute("lang") == lang
        violations = [
            each
            for each in Axe().run(page).response["violations"]
            if each["impact"] in ("serious", "critical")
        ]
        assert violations == [], (
            (path, lang),
            [(each["id"], [node["html"] for node in each["nodes"]][:3]) for each in violations],
        )
        if view is PHONE:
            assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], path
    assert watched.messages == []


def test_an_alert_is_taken_on_from_the_page(browser: Browser, served: Served) -> None:
    with served.world.engine.begin() as connection:
        connection.execute(
            text(
                "insert into ops.alert (alert_id, fingerprint, kind, unit_code, unit_name, state, severity, day, window_days,"
                " observed,"
                " expected, message_vi, opened_at, opened_on, last_seen_at, runs_seen, runs_quiet)"
                " values ('abcd1234', 'f', 'unit', '30517', 'Phường Thới Sơn', 'firing', 'critical', '2023-07-20', 1, 9, 2,"
                " 'Quá hạn nhiều bất thường.', now(), '2023-07-20', now(), 1, 0)"
            )
        )
        connection.execute(text("select pg_stat_force_next_flush()"))
    page, watched = _opened(browser)
    page.goto(served.address)
    page.locator(".alert summary").click()
    page.locator(".alert form").first.get_by_role("button").click()
    page.wait_for_load_state()
    assert "nguoi-thu đã nhận xử lý" in page.locator(".alert").inner_text()
    assert served.world.ask("select acknowledged_by from ops.alert") == [("nguoi-thu",)]
    assert watched.messages == []


def test_a_printed_page_holds_what_is_read_and_nothing_to_click(browser: Browser, served: Served) -> None:
    page, _ = _opened(browser)
    page.goto(f"{served.address}/thoi-han")
    page.emulate_media(media="print")
    assert page.locator("header nav, .filters, .search").evaluate_all(
        "all => all.every(each => !each.offsetHeight)"
    )
    assert page.locator(".tiles").is_visible()
    assert page.locator("table").first.is_visible()
    printed = page.pdf(format="A4", landscape=True)
    assert printed.startswith(b"%PDF") and 1 <= printed.count(b"/Type /Page\n") <= 4


def test_keys_alone_are_enough(browser: Browser, served: Served) -> None:
    page, _ = _opened(browser)
    page.goto(served.address)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"
    for ends_with in ("a[href^='/danh-sach']", "a[href^='/ho-so/']"):
        for _ in range(60):
            page.keyboard.press("Tab")
            if page.evaluate(f"""document.activeElement.matches("main {ends_with}")"""):
                break
        assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
        with page.expect_navigation():
            page.keyboard.press("Enter")
    assert page.locator("h1").inner_text().startswith("Hồ sơ 000.")


def test_the_folder_works_without_a_server(browser: Browser, july: World, tmp_path: Path) -> None:
    count = write_folder(july.engine, tmp_path / "usb", "vi", most_pages=60, most_cards=20)
    assert count > 40
    page, watched = _opened(browser, offline=True)
    page.goto((tmp_path / "usb" / "index.html").as_uri())
    seen: set[str] = set()
    waiting = [page.url]
    while waiting:
        address = waiting.pop().partition("#")[0]
        if address in seen or not address.endswith(".html"):
            continue
        seen.add(address)
        page.goto(address)
        assert page.locator("h1").count() == 1
        assert (
            page.evaluate("getComputedStyle(document.querySelector('header')).borderBottomStyle") == "solid"
        )
        waiting += page.eval_on_selector_all("a[href]", "all => all.map(each => each.href)")
    assert len(seen) > 30
    assert watched.messages == []
