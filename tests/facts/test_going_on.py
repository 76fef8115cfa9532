"""Going on: every export, news or repeat, in which the province stated that a dossier goes on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from assets.facts.going_on import going_on_of
from tests.facts.rows import frame, shown

_STATEMENT = "life n tier source effective_from class"
_KEPT = "life source effective_from"
_REPEAT = "dossier_code source effective_from known_from"
_MEMBERS = frame("life dossier_code known_from", (1, "A", "31 18:30"))
_ASKED = frame("life", (1,))


def _going_on(
    statements: list[tuple[Any, ...]], *repeats: tuple[Any, ...], kept: Sequence[tuple[Any, ...]] = ()
) -> list[str]:
    rows = going_on_of(
        frame(_STATEMENT, *((1, n, *row) for n, row in enumerate(statements, start=1))),
        frame(_KEPT, *((1, source, moment) for _, source, moment, _ in (*statements, *kept))),
        frame(_REPEAT, *repeats),
        _MEMBERS,
        _ASKED,
    )
    return sorted(at for (at,) in shown(rows, "at"))


def test_news_of_the_province_that_it_is_in_process_or_finished_says_that_it_goes_on() -> None:
    rows = [(3, "igate", "17 18:30", "processing"), (3, "igate", "18 18:30", "finished")]
    assert _going_on(rows) == ["17 18:30", "18 18:30"]


def test_news_that_it_waits_or_was_refused_does_not() -> None:
    rows = [(3, "igate", "17 18:30", "suspended"), (3, "igate", "18 18:30", "not_received")]
    assert _going_on(rows) == []


def test_the_national_copy_and_registers_do_not_say_it() -> None:
    assert _going_on([(2, "dvcqg", "17 18:30", "processing"), (1, "angiang", "18 18:30", "processing")]) == []


def test_a_repeat_says_what_the_statement_of_its_source_before_it_said() -> None:
    rows = [(3, "igate", "17 18:30", "processing"), (3, "igate", "19 18:30", "suspended")]
    repeats = [("A", "igate", "18 18:30", "18 18:30"), ("A", "igate", "20 18:30", "20 18:30")]
    assert _going_on(rows, *repeats) == ["17 18:30", "18 18:30"]


def test_of_two_statements_of_one_moment_a_repeat_says_what_the_last_one_says() -> None:
    for rows in (["suspended", "processing"], ["processing", "suspended"]):
        stated = [(3, "igate", "17 18:30", meaning) for meaning in rows]
        repeated = "18 18:30" in _going_on(stated, ("A", "igate", "18 18:30", "18 18:30"))
        assert repeated == (rows[-1] == "processing")


def test_a_repeat_that_history_has_as_a_statement_says_the_same() -> None:
    rows = [(3, "igate", "17 18:30", "processing"), (3, "igate", "19 18:30", "suspended")]
    kept = [(3, "igate", "18 18:30", "processing"), (3, "igate", "20 18:30", "suspended")]
    assert _going_on(rows, kept=kept) == ["17 18:30", "18 18:30"]


def test_a_repeat_of_another_source_of_the_province_says_nothing_about_this_ones_statement() -> None:
    rows = [(3, "igate", "17 18:30", "processing")]
    assert _going_on(rows, ("A", "angiang", "18 18:30", "18 18:30")) == ["17 18:30"]


def test_a_repeat_that_was_not_known_then_is_left_out() -> None:
    rows = [(3, "igate", "17 18:30", "processing")]
    assert _going_on(rows, ("A", "igate", "18 18:30", "01/08 18:30")) == ["17 18:30"]


def test_nothing_is_said_of_dossiers_for_which_it_does_not_matter() -> None:
    rows = frame(_STATEMENT, (1, 1, 3, "igate", "17 18:30", "processing"))
    laid_out = rows.select("life", "source", "effective_from")
    assert going_on_of(rows, laid_out, frame(_REPEAT), _MEMBERS, frame("life")).is_empty()
