"""Absences: from when complete lists do not name a dossier any more."""

from __future__ import annotations

from typing import Any

from assets.facts.absences import (
    absences_of,
    appearances_of,
    moments_of_absence,
    receptions_stated,
)
from tests.facts.rows import frame, shown, sources

_PRESENCE = "dossier_code source seen_at known_from"
_LIST = "source effective_at known_from complete_from complete_to covers_unreceived"
_STATEMENT = "life source effective_from received_at tier state_at state_rank file_rank own_code"


def _list(
    at: str,
    known: str = "",
    source: str = "igate",
    since: str = "01",
    until: str = "31",
    unreceived: bool = True,
) -> tuple[Any, ...]:
    return (source, at, known or at, since, until, unreceived)


def _missed(
    presence: list[tuple[Any, ...]],
    lists: list[tuple[Any, ...]],
    known_from: str = "31 18:30",
    received: str | None = "17 09:00",
    tier: int = 3,
) -> list[str]:
    """Returns since when dossier A is missed, by what was known on the 31st. Presence: source, seen_at, known_from."""
    appearances = appearances_of(frame(_PRESENCE, *(("A", *row) for row in presence)), sources())
    stated = [(1, source, seen, received, tier, seen, 0, "", "A") for source, seen, _ in presence]
    members = frame("life dossier_code known_from", (1, "A", known_from))
    absences = absences_of(members, frame(_STATEMENT, *stated), appearances, frame(_LIST, *lists))
    return [at for _, at in shown(absences, "life at")]


_SEEN = [("igate", "17 18:30", "17 18:30")]


def test_each_side_keeps_when_it_named_a_dossier_last() -> None:
    presence = frame(
        _PRESENCE,
        ("A", "igate", "17 18:30", "17 18:30"),
        ("A", "igate", "19 18:30", "19 18:30"),
        # A late file says nothing new about the last time.
        ("A", "igate", "18 18:30", "20 18:30"),
        ("A", "dvcqg", "18 18:30", "18 18:30"),
    )
    assert shown(appearances_of(presence, sources()), "is_provincial known_from seen_at source") == [
        (True, "17 18:30", "17 18:30", "igate"),
        (False, "18 18:30", "18 18:30", "dvcqg"),
        (True, "19 18:30", "19 18:30", "igate"),
        (True, "20 18:30", "19 18:30", "igate"),
    ]


def test_of_several_sources_at_one_moment_the_preferred_one_has_named_it() -> None:
    presence = frame(
        _PRESENCE, ("A", "angiang", "17 18:30", "17 18:30"), ("A", "igate", "17 18:30", "17 18:30")
    )
    assert shown(appearances_of(presence, sources()), "source") == [("igate",)]


def test_a_dossier_is_missed_since_the_first_complete_list_without_it() -> None:
    assert _missed(_SEEN, [_list("18 18:30"), _list("19 18:30")]) == ["18 18:30"]


def test_a_list_that_was_not_known_then_misses_nobody() -> None:
    assert _missed(_SEEN, [_list("18 18:30", known="01/08 07:00"), _list("19 18:30")]) == ["19 18:30"]


def test_a_list_from_before_it_was_last_named_misses_nobody() -> None:
    assert _missed(_SEEN, [_list("16 18:30"), _list("17 18:30")]) == []


def test_a_list_of_a_period_must_name_what_was_received_in_it_only() -> None:
    lists = [
        _list("18 18:30", since="18", until="31", unreceived=False),
        _list("19 18:30", until="17", unreceived=False),
    ]
    assert _missed(_SEEN, lists) == ["19 18:30"]


def test_of_two_lists_of_one_moment_either_may_be_the_one_that_must_name_it() -> None:
    other, own = (_list("18 18:30", until=day, since=day, unreceived=False) for day in ("18", "17"))
    assert _missed(_SEEN, [other, own]) == _missed(_SEEN, [own, other]) == ["18 18:30"]


def test_what_was_not_received_is_missed_by_lists_without_an_end_alone() -> None:
    lists = [_list("18 18:30", unreceived=False), _list("19 18:30")]
    assert _missed(_SEEN, lists, received=None) == ["19 18:30"]


def test_a_dossier_that_moved_to_another_system_of_the_province_is_not_missed_by_the_old_one() -> None:
    moved = [*_SEEN, ("angiang", "18 18:30", "18 18:30")]
    assert _missed(moved, [_list("19 18:30")]) == []
    assert _missed(moved, [_list("19 18:30", source="angiang")]) == ["19 18:30"]


def test_only_the_side_that_tells_the_life_misses_a_dossier() -> None:
    both = [*_SEEN, ("dvcqg", "17 18:30", "17 18:30")]
    assert _missed(both, [_list("18 18:30", source="dvcqg")]) == []


def test_without_complete_lists_nobody_is_missed() -> None:
    assert _missed(_SEEN, []) == []


def _moments(
    presence: list[tuple[Any, ...]],
    lists: list[tuple[Any, ...]],
    received: tuple[str | None, ...] = ("17", None),
) -> list[str]:
    appearances = appearances_of(frame(_PRESENCE, *(("A", *row) for row in presence)), sources())
    receptions = frame("dossier_code received_on", *(("A", day) for day in received))
    moments = moments_of_absence(appearances, frame(_LIST, *lists), receptions, frame("dossier_code root"))
    return sorted(at for _, at in shown(moments, "dossier_code known_from"))


def test_the_first_list_without_it_is_a_moment_and_later_ones_are_not() -> None:
    assert _moments(_SEEN, [_list("18 18:30"), _list("19 18:30")]) == ["18 18:30"]


def test_what_is_seen_again_after_a_list_without_it_has_a_moment_of_its_own() -> None:
    assert _moments([*_SEEN, ("igate", "20 18:30", "20 18:30")], [_list("18 18:30")]) == [
        "18 18:30",
        "20 18:30",
    ]


def test_a_dossier_that_every_list_names_has_no_moment() -> None:
    assert _moments([*_SEEN, ("igate", "18 18:30", "18 18:30")], [_list("18 18:30")]) == []


def test_a_list_that_came_late_is_a_moment_too() -> None:
    assert "22 18:30" in _moments(_SEEN, [_list("18 18:30", known="22 18:30"), _list("20 18:30")])


def test_a_list_of_a_period_is_a_moment_for_what_was_received_in_it_only() -> None:
    rolling = [
        _list(f"{day} 18:30", since=str(day - 1), until="31", unreceived=False) for day in (18, 19, 20)
    ]
    assert _moments(_SEEN, rolling) == ["18 18:30"]
    assert _moments(_SEEN, rolling[1:]) == []
    assert _moments(_SEEN, rolling[1:], received=("17", "18")) == ["19 18:30"]


def test_the_list_that_must_name_it_may_come_after_others_that_need_not() -> None:
    others = [_list(f"{day} 18:30", since="25", unreceived=False) for day in (18, 19)]
    assert _moments(_SEEN, [*others, _list("20 18:30", unreceived=False)]) == ["20 18:30"]
    again = [*_SEEN, ("igate", "19 18:30", "19 18:30")]
    assert _moments(again, [*others, _list("19 18:30", unreceived=False)]) == []


def test_each_day_that_was_ever_stated_may_be_that_of_reception() -> None:
    appearances = appearances_of(frame(_PRESENCE, *(("A", *row) for row in _SEEN)), sources())
    statements = frame(
        "dossier_code received_at",
        *(("A", "17 09:00"), ("A", "18 09:00"), ("A", None), ("B", "19 09:00"), ("C", "20 09:00")),
    )
    links = frame("dossier_code other_code known_from", ("A", "B", "18 18:30"))
    receptions = receptions_stated(appearances, statements, links).sort("received_on", nulls_last=True)
    days = [None if day is None else day.day for day in receptions["received_on"]]
    assert days == [17, 18, 19, None]
