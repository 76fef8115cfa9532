"""Rows are read once for each state of the warehouse, shared by all who see every unit, and by nobody who does not."""

from __future__ import annotations

import pytest
from sqlalchemy import event, text

from assets.board.access.viewer import EVERYBODY
from assets.board.reading import KEPT_SECONDS, Kept, reading
from assets.board.site import Person, Surroundings, page
from assets.board.warming import Warm, warm_up, warmed
from tests.sql.test_board_login import ALERT
from tests.worlds import World


@pytest.fixture
def asked(july: World) -> list[str]:
    """Statements that pages ask of the warehouse."""
    statements: list[str] = []
    event.listen(
        july.engine, "before_cursor_execute", lambda c, cursor, statement, *_: statements.append(statement)
    )
    return statements


def _opened(world: World, kept: Kept) -> None:
    with reading(world.engine, EVERYBODY, kept) as reader:
        page(reader, "/", {}, Person(), Surroundings())


def _of_lists(asked: list[str]) -> int:
    return sum("with t as materialized" in statement for statement in asked)


def test_a_page_that_is_warm_asks_for_no_list(july: World, asked: list[str]) -> None:
    kept = Kept()
    warm = warm_up(july.engine, kept, Warm())
    asked.clear()
    _opened(july, kept)
    assert _of_lists(asked) == 0
    assert warm_up(july.engine, kept, warm) == warm
    assert _of_lists(asked) == 0


def test_what_is_changed_outside_a_run_is_seen(july: World, asked: list[str]) -> None:
    kept = Kept()
    _opened(july, kept)
    with july.engine.begin() as connection:
        connection.execute(text("update ops.setting set value = value where name = 'facts_change'"))
        connection.execute(text("select pg_stat_force_next_flush()"))
    asked.clear()
    _opened(july, kept)
    assert _of_lists(asked) > 0


def test_rows_are_read_again_before_they_are_too_old(july: World, asked: list[str]) -> None:
    kept = Kept()
    warm = warm_up(july.engine, kept, Warm())
    asked.clear()
    assert warm_up(july.engine, kept, Warm(warm.state, warm.since - 0.9 * KEPT_SECONDS)).since > warm.since
    assert _of_lists(asked) > 0


def test_a_board_is_ready_once_its_pages_are_warm(july: World, asked: list[str]) -> None:
    kept = Kept()
    with warmed(july.engine, kept) as ready:
        assert ready.wait(60)
        asked.clear()
        _opened(july, kept)
    assert _of_lists(asked) == 0


def test_an_alert_that_is_changed_elsewhere_is_seen_and_nothing_else_is_read_again(
    july: World, asked: list[str]
) -> None:
    kept = Kept()
    with july.engine.begin() as connection:
        connection.execute(text(ALERT), {"alert_id": "a1", "unit": "30520"})
        connection.execute(text("select pg_stat_force_next_flush()"))
    _opened(july, kept)
    with july.engine.begin() as connection:
        connection.execute(text("update ops.alert set acknowledged_by = 'hanh', acknowledged_at = now()"))
        connection.execute(text("select pg_stat_force_next_flush()"))
    asked.clear()
    with reading(july.engine, EVERYBODY, kept) as reader:
        assert "hanh" in page(reader, "/", {}, Person(), Surroundings()).html
    assert _of_lists(asked) == 0
