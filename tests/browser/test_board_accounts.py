"""People log in to the board in a real browser: each sees what is theirs on every page and in every file, and looks are noted."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from assets.board.access.accounts import Wanted, make_account
from assets.board.access.guard import Guard, guarded
from assets.board.app import Board, application
from assets.board.pages import PAGES
from tests.browser.conftest import DESKTOP, Watched
from tests.browser.served_board import Served, served_board
from tests.sql.test_board_login import board
from tests.sql.test_rows_of_units import THREE
from tests.worlds import World
from warehouse_sql.engine import open_engine
from warehouse_sql.migrate import migrate

_PASSWORD = "mot mat khau dai"


@pytest.fixture
def served(july: World) -> Iterator[Served]:
    """The board with two accounts: one that sees all units, one of a single unit that may only look."""
    migrate(july.engine)
    with july.engine.begin() as connection:
        make_account(connection, Wanted("chu-tich", (), True, _PASSWORD))
        make_account(connection, Wanted("tinh-bien", ("30520",), False, _PASSWORD))
    engine = open_engine(board(july.engine))
    guard = Guard("accounts", "secret of this test", engine=engine)
    with served_board(guarded(application(Board(engine)), guard), july) as opened:
        yield opened
    engine.dispose()


def _logged_in(browser: Browser, served: Served, name: str) -> tuple[Page, Watched]:
    page = browser.new_context(viewport=DESKTOP).new_page()
    watched = Watched(page)
    page.goto(served.address)
    page.fill("#ten", name)
    page.fill("#mat-khau", _PASSWORD)
    page.get_by_role("button", name="Đăng nhập").click()
    page.wait_for_url(f"{served.address}/")
    return page, watched


def test_the_page_to_log_in_can_be_read_by_all(browser: Browser, served: Served) -> None:
    page = browser.new_context(viewport=DESKTOP).new_page()
    watched = Watched(page)
    page.goto(served.address)
    assert page.locator("h1").inner_text() == "Đăng nhập bảng điều hành"
    assert page.evaluate("getComputedStyle(document.querySelector('header')).borderBottomStyle") == "solid"
    serious = [
        each for each in Axe().run(page).response["violations"] if each["impact"] in ("serious", "critical")
    ]
    assert serious == []
    assert watched.messages == []


def test_an_account_of_one_unit_sees_its_figures_alone(browser: Browser, served: Served) -> None:
    page, watched = _logged_in(browser, served, "tinh-bien")
    page.goto(f"{served.address}/thoi-han?date_from=2023-01-01&date_to=2023-12-31")
    ((own,),) = served.world.ask(
        f"select sum(received_total)::bigint from mart.form_ii06('2023-01-01', '2023-12-31') where {THREE}"
    )
    ((others,),) = served.world.ask(
        f"select min(dossier_code) from mart.dossier where not ({THREE.replace('valid_from', 'unit_valid_from')})"
    )
    shown = page.locator(".tiles dd").first.inner_text().replace(".", "")
    assert int(shown) == own > 0
    file = page.request.get(
        f"{served.address}/tep/form.csv?figure=received_total&date_from=2023-01-01&date_to=2023-12-31"
    )
    assert len(file.text().strip().splitlines()) == own + 1
    assert others not in file.text()
    assert page.goto(f"{served.address}/ho-so/{others}").status == 404  # type: ignore[union-attr]
    for each in PAGES:
        assert page.goto(served.address + each.path).status == 200  # type: ignore[union-attr]
        assert others not in page.content()
    assert page.locator(".acts").count() == 0
    assert [line for line in watched.messages if "404" not in line] == []


def test_who_looked_at_a_card_is_noted(browser: Browser, served: Served) -> None:
    page, _ = _logged_in(browser, served, "chu-tich")
    ((code,),) = served.world.ask("select min(dossier_code) from mart.dossier where is_counted")
    page.goto(f"{served.address}/ho-so/{code}")
    assert served.world.ask("select account, dossier_code from ops.board_access") == [("chu-tich", code)]
    page.get_by_role("button", name="Đăng xuất").click()
    page.goto(f"{served.address}/ho-so/{code}")
    assert page.locator("h1").inner_text() == "Đăng nhập bảng điều hành"
