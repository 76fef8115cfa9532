"""Known moments: for which arrivals a life is folded."""

from __future__ import annotations

from typing import Any

import polars as pl

from assets.facts.absences import appearances_of
from assets.facts.moments import lives_known
from assets.facts.statements import taken
from tests.facts.rows import files, frame, shown, sources, statements

_NOTHING = frame("dossier_code source effective_from known_from")
_LISTS = frame("source effective_at known_from complete_from complete_to covers_unreceived")
_LINKS = frame("dossier_code other_code known_from")
_OPEN_REQUEST = (
    '[{"requested_at": "2023-07-18T08:00:00", "resumed_at": null, "due_before": null, "due_after": null}]'
)


def _lives(
    *stated: dict[str, object],
    steps: pl.DataFrame = _NOTHING,
    repeats: pl.DataFrame = _NOTHING,
    lists: pl.DataFrame = _LISTS,
    links: pl.DataFrame = _LINKS,
) -> tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]:
    """Returns the lives (dossier, known from, to) and under which codes each was known."""
    rows = taken(statements(*stated), sources(), files())
    presence = [
        part.select("dossier_code", "source", pl.col("effective_from").alias("seen_at"), "known_from")
        for part in (rows, repeats)
    ]
    appearances = appearances_of(pl.concat(presence), sources())
    lives, members = lives_known(rows, steps, repeats, appearances, lists, links)
    return (
        shown(lives, "dossier_code known_from known_to"),
        sorted(shown(members, "life dossier_code")),
    )


def test_each_statement_makes_a_known_moment_and_the_last_one_is_still_known() -> None:
    lives, members = _lives({}, {"effective_from": "18 18:30", "status": 9})
    assert lives == [("A", "17 18:30", "18 18:30"), ("A", "18 18:30", "∞")]
    assert members == [(0, "A"), (1, "A")]


def test_files_that_arrived_together_make_one_moment() -> None:
    lives, _ = _lives({"known_from": "19 07:00"}, {"effective_from": "18 18:30", "known_from": "19 07:00"})
    assert lives == [("A", "19 07:00", "∞")]


def test_a_step_makes_a_moment_once_a_statement_is_known() -> None:
    steps = frame("dossier_code known_from", ("A", "16 18:30"), ("A", "18 18:30"))
    assert _lives({}, steps=steps)[0] == [("A", "17 18:30", "18 18:30"), ("A", "18 18:30", "∞")]


def test_an_ordinary_repeat_makes_no_moment() -> None:
    repeats = frame("dossier_code source effective_from known_from", ("A", "igate", "18 18:30", "18 18:30"))
    assert _lives({}, repeats=repeats)[0] == [("A", "17 18:30", "∞")]


def test_a_repeat_that_comes_after_a_later_statement_of_its_source_makes_a_moment() -> None:
    repeats = frame("dossier_code source effective_from known_from", ("A", "igate", "18 18:30", "20 18:30"))
    lives, _ = _lives({}, {"effective_from": "19 18:30", "status": 9}, repeats=repeats)
    assert [since for _, since, _ in lives] == ["17 18:30", "19 18:30", "20 18:30"]


def test_a_repeat_of_another_source_than_the_later_statement_makes_no_moment() -> None:
    repeats = frame("dossier_code source effective_from known_from", ("A", "dvcqg", "18 18:30", "20 18:30"))
    lives, _ = _lives({}, {"effective_from": "19 18:30", "status": 9}, repeats=repeats)
    assert [since for _, since, _ in lives] == ["17 18:30", "19 18:30"]


def test_a_repeat_of_the_province_after_an_open_national_request_makes_a_moment() -> None:
    repeats = frame("dossier_code source effective_from known_from", ("A", "igate", "19 18:30", "19 18:30"))
    asks = {"source": "dvcqg", "effective_from": "18 18:30", "status": 5, "supplements": _OPEN_REQUEST}
    lives, _ = _lives({}, asks, repeats=repeats)
    assert [since for _, since, _ in lives] == ["17 18:30", "18 18:30", "19 18:30"]


def test_so_does_one_under_another_code_than_that_of_the_request() -> None:
    repeats = frame("dossier_code source effective_from known_from", ("A", "igate", "19 18:30", "19 18:30"))
    asks = {"source": "dvcqg", "effective_from": "18 18:30", "status": 5, "supplements": _OPEN_REQUEST}
    links = frame("dossier_code other_code known_from", ("N", "A", "18 18:30"))
    lives, _ = _lives({}, asks | {"dossier_code": "N"}, repeats=repeats, links=links)
    assert [since for code, since, _ in lives if code == "A"] == ["17 18:30", "18 18:30", "19 18:30"]


def test_a_repeat_of_the_province_that_comes_after_another_system_has_it_waiting_makes_a_moment() -> None:
    repeats = frame("dossier_code source effective_from known_from", ("A", "igate", "18 18:30", "20 18:30"))
    waits = {"source": "angiang", "effective_from": "19 18:30", "status": 6}
    lives, _ = _lives({}, waits, repeats=repeats)
    assert [since for _, since, _ in lives] == ["17 18:30", "19 18:30", "20 18:30"]


def test_one_that_is_missing_and_seen_again_under_another_code_makes_a_moment() -> None:
    lists = frame(
        "source effective_at known_from complete_from complete_to covers_unreceived",
        ("igate", "18 18:30", "18 19:00", "01", "31", True),
    )
    links = frame("dossier_code other_code known_from", ("A", "B", "17 18:30"))
    repeats = frame("dossier_code source effective_from known_from", ("B", "igate", "19 18:30", "19 19:00"))
    lives, _ = _lives({}, repeats=repeats, lists=lists, links=links)
    assert [since for _, since, _ in lives] == ["17 18:30", "18 19:00", "19 19:00"]


def test_a_complete_list_that_does_not_name_the_dossier_makes_a_moment() -> None:
    lists = frame(
        "source effective_at known_from complete_from complete_to covers_unreceived",
        ("igate", "18 18:30", "18 19:00", "01", "31", True),
    )
    assert [since for _, since, _ in _lives({}, lists=lists)[0]] == ["17 18:30", "18 19:00"]


def test_a_complete_list_that_names_the_dossier_makes_none() -> None:
    lists = frame(
        "source effective_at known_from complete_from complete_to covers_unreceived",
        ("igate", "18 18:30", "18 18:30", "01", "31", True),
    )
    repeats = frame("dossier_code source effective_from known_from", ("A", "igate", "18 18:30", "18 18:30"))
    assert [since for _, since, _ in _lives({}, repeats=repeats, lists=lists)[0]] == ["17 18:30"]


def test_a_link_makes_two_dossiers_one_life_from_then_on_and_ends_the_other() -> None:
    links = frame("dossier_code other_code known_from", ("N", "A", "18 18:30"))
    national = {"dossier_code": "N", "source": "dvcqg"}
    lives, members = _lives({}, national, links=links)
    assert lives == [("A", "17 18:30", "18 18:30"), ("A", "18 18:30", "∞"), ("N", "17 18:30", "18 18:30")]
    assert members == [(0, "A"), (1, "A"), (1, "N"), (2, "N")]


def test_a_linked_code_that_nobody_has_said_anything_of_has_no_life_of_its_own() -> None:
    links = frame("dossier_code other_code known_from", ("A", "Z", "17 18:30"))
    assert _lives({}, links=links)[0] == [("A", "17 18:30", "∞")]
