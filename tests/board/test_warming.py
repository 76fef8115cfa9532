"""Rows are read once for each state of the warehouse, shared by all who see every unit, and by nobody who does not."""

from __future__ import annotations

import pytest
from sqlalchemy import event, text

from assets.board.access.viewer import EVERYBODY
from assets.board.reading import Kept, reading
from assets.board.site import Person, Surroundings, page
from assets.board.warming import warm_up
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
    state = warm_up(july.engine, kept, "")
    asked.clear()
    _opened(july, kept)
    assert _of_lists(asked) == 0
    assert warm_up(july.engine, kept, state) == state
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
