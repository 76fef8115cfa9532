"""The catalogue of procedures through time: statements in, versions and changes out."""

from __future__ import annotations

import random
from datetime import date
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from assets.dimensions.catalogue import (
    FIELDS,
    Change,
    Procedure,
    Statement,
    Version,
    changes,
    on_day,
    same_until,
    versions,
)
from assets.dimensions.units import BEGINNING, FOREVER

_ALL = frozenset(FIELDS)
_D1, _D2, _D3 = date(2023, 1, 1), date(2023, 7, 1), date(2024, 1, 1)
FIRST = Procedure("Một", limit_value=1, limit_unit="day")
SECOND = Procedure("Một", limit_value=2, limit_unit="day")
OTHER = Procedure("Khác")


def stated(
    day: date, number: int | None, columns: frozenset[str] = _ALL, **procedures: Procedure
) -> Statement:
    return Statement(day, number, columns, procedures)


def test_a_change_ends_the_version_before_and_begins_one() -> None:
    actual = versions([stated(BEGINNING, None, a=FIRST), stated(_D1, 1, a=SECOND)])
    assert actual == {"a": [Version(BEGINNING, _D1, None, FIRST), Version(_D1, FOREVER, 1, SECOND)]}


def test_the_same_again_makes_no_version() -> None:
    once = versions([stated(BEGINNING, None, a=FIRST), stated(_D1, 1, a=SECOND)])
    assert (
        versions([stated(BEGINNING, None, a=FIRST), stated(_D1, 1, a=SECOND), stated(_D2, 2, a=SECOND)])
        == once
    )


def test_what_a_catalogue_leaves_out_has_ended_and_may_come_back() -> None:
    actual = versions(
        [stated(_D1, 1, a=FIRST, b=OTHER), stated(_D2, 2, b=OTHER), stated(_D3, 3, a=FIRST, b=OTHER)]
    )
    assert actual["a"] == [Version(_D1, _D2, 1, FIRST), Version(_D3, FOREVER, 3, FIRST)]
    assert actual["b"] == [Version(_D1, FOREVER, 1, OTHER)]
    assert sorted(on_day(actual, date(2023, 8, 1))) == ["b"]


def test_of_one_day_the_later_import_stands() -> None:
    actual = versions(
        [stated(BEGINNING, None, a=FIRST), stated(_D1, 1, a=SECOND, b=OTHER), stated(_D1, 2, a=FIRST)]
    )
    assert actual == {"a": [Version(BEGINNING, FOREVER, None, FIRST)]}
    ended_and_not = versions([stated(BEGINNING, None, a=FIRST), stated(_D1, 1), stated(_D1, 2, a=FIRST)])
    assert ended_and_not == {"a": [Version(BEGINNING, FOREVER, None, FIRST)]}


def test_a_late_catalogue_of_an_earlier_day_does_not_touch_what_holds_now() -> None:
    actual = versions([stated(_D2, 1, a=SECOND), stated(_D1, 2, a=FIRST)])
    assert actual["a"] == [Version(_D1, _D2, 2, FIRST), Version(_D2, FOREVER, 1, SECOND)]


def test_a_column_that_the_catalogue_lacks_says_nothing() -> None:
    narrow = frozenset({"procedure_name"})
    actual = versions([stated(BEGINNING, None, a=FIRST), stated(_D1, 1, narrow, a=Procedure("Mới"))])
    assert actual["a"][-1].procedure == Procedure("Mới", limit_value=1, limit_unit="day")
    empty = versions([stated(BEGINNING, None, a=FIRST), stated(_D1, 1, a=Procedure("Mới"))])
    assert empty["a"][-1].procedure == Procedure("Mới")


def test_a_procedure_always_has_a_name() -> None:
    actual = versions(
        [stated(_D1, 1, a=FIRST, b=Procedure()), stated(_D2, 2, a=replace_name(SECOND), b=Procedure())]
    )
    assert [item.procedure.procedure_name for item in actual["a"]] == ["Một", "Một"]
    assert actual["b"][0].procedure.procedure_name == "b"


def replace_name(procedure: Procedure) -> Procedure:
    return Procedure(limit_value=procedure.limit_value, limit_unit=procedure.limit_unit)


def test_changes_are_reported_field_by_field() -> None:
    before = {"a": FIRST, "b": OTHER}
    after = {
        "a": Procedure("Một", service_level="full", limit_value=2, limit_unit="working_day"),
        "c": SECOND,
    }
    assert changes(before, after) == [
        Change("new", "c", "Một", new="2 ngày"),
        Change("changed", "a", "Một", "Mức độ dịch vụ công", "–", "toàn trình"),
        Change("changed", "a", "Một", "Thời hạn giải quyết", "1 ngày", "2 ngày làm việc"),
        Change("ended", "b", "Khác"),
    ]
    assert changes(after, after) == []


def test_the_first_day_on_which_two_histories_differ() -> None:
    first, ended = Version(BEGINNING, _D1, None, FIRST), Version(_D1, _D2, 1, SECOND)
    assert same_until([first, ended], [first, ended]) == FOREVER
    assert same_until([], [first]) == BEGINNING
    assert same_until([first], []) == BEGINNING
    assert same_until([], []) == FOREVER
    assert same_until([first], [first, ended]) == _D1
    assert same_until([first, ended], [first, Version(_D1, FOREVER, 1, SECOND)]) == _D2
    assert same_until([first, ended], [first, Version(_D1, _D2, 1, OTHER)]) == _D1
    assert same_until([first], [Version(BEGINNING, _D1, None, SECOND)]) == BEGINNING
    # Which catalogue said it first makes no difference.
    assert same_until([ended], [Version(_D1, _D2, 2, SECOND)]) == FOREVER


_procedures = st.sampled_from(
    [FIRST, SECOND, OTHER, Procedure("Một", limit_value=0, limit_unit="working_day")]
)
_catalogues = st.lists(
    st.tuples(st.sampled_from([_D1, _D2, _D3]), st.dictionaries(st.sampled_from("abc"), _procedures)),
    max_size=6,
)


@settings(max_examples=200, deadline=None, derandomize=True, database=None)
@given(_catalogues, st.integers(0, 99))
def test_on_every_day_holds_what_the_last_catalogue_of_then_says(
    drawn: list[tuple[date, dict[str, Procedure]]], seed: int
) -> None:
    given = [stated(BEGINNING, None, a=FIRST)] + [
        stated(day, number, **procedures) for number, (day, procedures) in enumerate(drawn, start=1)
    ]
    shuffled = list(given)
    random.Random(seed).shuffle(shuffled)
    actual = versions(shuffled)
    assert actual == versions(given)
    for day in (BEGINNING, _D1, date(2023, 3, 1), _D2, _D3, date(2030, 1, 1)):
        last = max(
            (item for item in given if item.valid_from <= day),
            key=lambda s: (s.valid_from, s.import_id or 0),
        )
        assert on_day(actual, day) == dict(last.procedures)
    for listed in actual.values():
        assert all(item.valid_from < item.valid_to for item in listed)
        for item, following in pairwise(listed):
            assert item.valid_to <= following.valid_from
            assert item.valid_to < following.valid_from or item.procedure != following.procedure


@settings(max_examples=200, deadline=None, derandomize=True, database=None)
@given(_catalogues, _catalogues)
def test_until_the_day_of_difference_the_same_version_stands(
    first: list[tuple[date, dict[str, Procedure]]], more: list[tuple[date, dict[str, Procedure]]]
) -> None:
    given = [
        stated(day, number, **procedures) for number, (day, procedures) in enumerate(first + more, start=1)
    ]
    before, after = versions(given[: len(first)]), versions(given)
    for code in "abc":
        mine, theirs = before.get(code, []), after.get(code, [])
        since = same_until(mine, theirs)
        for day in (BEGINNING, _D1, date(2023, 3, 1), _D2, _D3, date(2030, 1, 1)):
            assert day >= since or _standing(mine, day) == _standing(theirs, day)


def _standing(known: list[Version], day: date) -> tuple[Procedure, bool] | None:
    if not known:
        return None
    begun = [item for item in known if item.valid_from <= day]
    stands = begun[-1] if begun else known[0]
    return stands.procedure, stands.valid_from <= day < stands.valid_to
