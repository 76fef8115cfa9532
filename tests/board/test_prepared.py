"""While pages of a new state are prepared, those of the state before are given: whole, to who sees every unit, for a while."""

from __future__ import annotations

import re
import time
from datetime import date
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, build_opener

import pytest
from sqlalchemy import Engine, text

from assets.board import prepared, warming
from assets.board.access.accounts import Wanted, make_account
from assets.board.access.guard import Guard, guarded
from assets.board.access.viewer import EVERYBODY
from assets.board.app import Board, application
from assets.board.pages import PAGES
from assets.board.prepared import Prepared, Published
from assets.board.reading import Kept, reading
from assets.board.site import Person, Surroundings, given
from assets.board.warming import Warm, warm_up
from tests.browser.served_board import served_board
from tests.sql.test_board_login import ALERT, board
from tests.worlds import World, provincial
from warehouse_sql.engine import open_engine


def _page(engine: Engine, kept: Kept, path: str = "/", viewer: str = EVERYBODY, **query: str) -> str:
    with reading(engine, viewer, kept) as reader:
        return given(reader, path, query, Person(may_acknowledge=True), Surroundings()).html


def _kept() -> Kept:
    """Nothing is so quick that it is given at once."""
    return Kept(Prepared(at_once_seconds=0))


def _pages(world: World, kept: Kept) -> dict[str, str]:
    return {each.path: _page(world.engine, kept, each.path) for each in PAGES}


def _load_a_day(world: World) -> None:
    world.say_provincial(
        "2023-08-07 18:30",
        *(
            provincial(
                f"000.26.33.H01-230807-{number:04}", received="2023-08-07 09:00", due="2023-08-07 17:00"
            )
            for number in range(20)
        ),
    )
    world.run()


def test_each_page_is_that_of_the_state_before_until_those_of_the_new_one_are_prepared(july: World) -> None:
    kept = _kept()
    warm = warm_up(july.engine, kept, Warm())
    before = _pages(july, kept)
    _load_a_day(july)
    new = _pages(july, Kept())
    assert all(new[path] != before[path] for path in before)
    assert _pages(july, kept) == before
    # What the server counts of the run a moment later is looked at again, as the board does every ten seconds.
    while warm_up(july.engine, kept, warm) == warm:
        time.sleep(0.1)
    assert _pages(july, kept) == new


def test_in_english_a_page_is_given_as_well(july: World) -> None:
    kept = _kept()
    warm_up(july.engine, kept, Warm())
    before = _page(july.engine, kept, lang="en")
    _load_a_day(july)
    assert _page(july.engine, kept, lang="en") == before


def test_a_page_that_was_not_prepared_is_of_the_new_state(july: World) -> None:
    kept = _kept()
    warm_up(july.engine, kept, Warm())
    _load_a_day(july)
    chosen = {"date_from": "2023-02-01", "date_to": "2023-12-31"}
    assert _page(july.engine, kept, "/thoi-han", **chosen) == _page(
        july.engine, Kept(), "/thoi-han", **chosen
    )


def test_a_page_of_the_new_state_that_takes_no_time_is_given_before_it_is_prepared(july: World) -> None:
    kept = Kept(Prepared(at_once_seconds=60))
    warm_up(july.engine, kept, Warm())
    before = _pages(july, kept)
    _load_a_day(july)
    assert _pages(july, kept) == _pages(july, Kept()) != before


def test_a_page_that_was_given_of_the_new_state_does_not_go_back_when_it_takes_long_the_next_time(
    july: World,
) -> None:
    kept = Kept(Prepared(at_once_seconds=60))
    warm_up(july.engine, kept, Warm())
    _load_a_day(july)
    assert _page(july.engine, kept, "/thoi-han") == _page(july.engine, Kept(), "/thoi-han")
    # Something else changes, so that nothing is kept of the new state, and now there is no time.
    with july.engine.begin() as connection:
        connection.exec_driver_sql("update ops.setting set value = value || '.' where name = 'facts_change'")
    kept.prepared.at_once_seconds = 0
    assert _page(july.engine, kept, "/thoi-han") == _page(july.engine, Kept(), "/thoi-han")


def test_a_page_of_the_new_state_that_takes_long_is_given_up_in_favour_of_that_of_the_state_before(
    july: World,
) -> None:
    kept = Kept(Prepared(at_once_seconds=0.3))
    warm_up(july.engine, kept, Warm())
    before = _page(july.engine, kept)
    _load_a_day(july)
    with july.engine.begin() as other:
        other.exec_driver_sql("lock table core.fct_dossier in access exclusive mode")
        begun = time.monotonic()
        assert _page(july.engine, kept) == before
        assert time.monotonic() - begun < 10


def test_after_a_while_pages_are_of_the_new_state_though_they_are_not_prepared(july: World) -> None:
    kept = Kept(Prepared(seconds=0))
    warm_up(july.engine, kept, Warm())
    _load_a_day(july)
    assert _pages(july, kept) == _pages(july, Kept())


def _state(name: str) -> Published:
    return Published(date(2023, 8, 7), None, name, "0")


def test_pages_never_go_back_to_a_state_before_one_that_was_given() -> None:
    prepared = Prepared(seconds=0)
    prepared.begin(_state("first"))
    prepared.finish()
    prepared.begin(_state("second"))
    # Pages of the third are given: those of the first are too old.
    assert prepared.before("third", "0") is None
    prepared.finish()
    prepared.seconds = 60
    assert prepared.before("third", "0") is None
    prepared.begin(_state("third"))
    prepared.finish()
    assert prepared.before("third", "0") is None
    assert prepared.before("fourth", "0") == _state("third")


def test_alerts_that_were_seen_stay_seen_while_the_page_before_is_given(july: World) -> None:
    kept = Kept()
    warm_up(july.engine, kept, Warm())
    with july.engine.begin() as connection:
        connection.execute(text(ALERT), {"alert_id": "a1", "unit": "30520"})
        connection.execute(text("select pg_stat_force_next_flush()"))
    seen = _page(july.engine, kept)
    assert "a1" in seen
    with july.engine.begin() as connection:
        connection.execute(text("update ops.setting set value = value where name = 'facts_change'"))
        connection.execute(text("select pg_stat_force_next_flush()"))
    assert _page(july.engine, kept) == seen


def test_who_does_not_see_every_unit_is_given_no_page_of_the_state_before(july: World) -> None:
    kept = _kept()
    with july.engine.begin() as connection:
        make_account(connection, Wanted("lan", ("890",), True, "một mật khẩu dài"))
    engine = open_engine(board(july.engine))
    warm_up(engine, kept, Warm())
    _page(engine, kept, viewer="lan")
    _load_a_day(july)
    everybody = _page(engine, kept)
    assert everybody != _page(engine, Kept())
    assert _page(engine, kept, viewer="lan") == _page(engine, Kept(), viewer="lan") != everybody
    engine.dispose()


def test_an_alert_that_a_reader_takes_on_is_seen_at_once_also_while_pages_of_the_state_before_are_given(
    july: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(warming, "_LOOK_SECONDS", 60.0)
    monkeypatch.setattr(prepared, "AT_ONCE_SECONDS", 0.0)
    with july.engine.begin() as connection:
        connection.execute(text(ALERT), {"alert_id": "a1", "unit": "30520"})
    app = guarded(application(Board(july.engine)), Guard("open", "secret of this test", user="nguoi-thu"))
    browser = build_opener(HTTPCookieProcessor())
    with served_board(app, july) as served:
        html = browser.open(served.address, timeout=60).read().decode()
        assert "a1" in html and "nguoi-thu" not in html
        _load_a_day(july)
        assert _stock(browser.open(served.address, timeout=60).read().decode()) == _stock(html)
        fields = {"csrf": re.findall(r'name="csrf" value="([^"]+)"', html)[0], "back": "/", "note": ""}
        led = browser.open(f"{served.address}/canh-bao/a1/nhan", urlencode(fields).encode(), timeout=60)
        after = led.read().decode()
    assert "nguoi-thu" in after
    # The page is whole: its figures are those of the new state as well.
    assert _stock(after) == _stock(_page(july.engine, Kept())) != _stock(html)


def _stock(html: str) -> list[str]:
    return re.findall(r"<dd>(?:<a [^>]*>)?([\d.,]+)", html)
