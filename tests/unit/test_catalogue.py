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
ONE = Procedure("Một", limit_value=1, limit_unit="day")
TWO = Procedure("Một", limit_value=2, limit_unit="day")
OTHER = Procedure("Khác")


def said(day: date, number: int | None, columns: frozenset[str] = _ALL, **procedures: Procedure) -> Statement:
    return Statement(day, number, columns, procedures)


def test_a_change_ends_the_version_before_and_begins_one() -> None:
    found = versions([said(BEGINNING, None, a=ONE), said(_D1, 1, a=TWO)])
    assert found == {"a": [Version(BEGINNING, _D1, None, ONE), Version(_D1, FOREVER, 1, TWO)]}


def test_the_same_again_makes_no_version() -> None:
    once = versions([said(BEGINNING, None, a=ONE), said(_D1, 1, a=TWO)])
    assert versions([said(BEGINNING, None, a=ONE), said(_D1, 1, a=TWO), said(_D2, 2, a=TWO)]) == once


def test_what_a_catalogue_leaves_out_has_ended_and_may_come_back() -> None:
    found = versions([said(_D1, 1, a=ONE, b=OTHER), said(_D2, 2, b=OTHER), said(_D3, 3, a=ONE, b=OTHER)])
    assert found["a"] == [Version(_D1, _D2, 1, ONE), Version(_D3, FOREVER, 3, ONE)]
    assert found["b"] == [Version(_D1, FOREVER, 1, OTHER)]
    assert sorted(on_day(found, date(2023, 8, 1))) == ["b"]


def test_of_one_day_the_later_import_stands() -> None:
    found = versions([said(BEGINNING, None, a=ONE), said(_D1, 1, a=TWO, b=OTHER), said(_D1, 2, a=ONE)])
    assert found == {"a": [Version(BEGINNING, FOREVER, None, ONE)]}
    ended_and_not = versions([said(BEGINNING, None, a=ONE), said(_D1, 1), said(_D1, 2, a=ONE)])
    assert ended_and_not == {"a": [Version(BEGINNING, FOREVER, None, ONE)]}


def test_a_late_catalogue_of_an_earlier_day_does_not_touch_what_holds_now() -> None:
    found = versions([said(_D2, 1, a=TWO), said(_D1, 2, a=ONE)])
    assert found["a"] == [Version(_D1, _D2, 2, ONE), Version(_D2, FOREVER, 1, TWO)]


def test_a_column_that_the_catalogue_lacks_says_nothing() -> None:
    narrow = frozenset({"procedure_name"})
    found = versions([said(BEGINNING, None, a=ONE), said(_D1, 1, narrow, a=Procedure("Mới"))])
    assert found["a"][-1].procedure == Procedure("Mới", limit_value=1, limit_unit="day")
    empty = versions([said(BEGINNING, None, a=ONE), said(_D1, 1, a=Procedure("Mới"))])
    assert empty["a"][-1].procedure == Procedure("Mới")


def test_a_procedure_always_has_a_name() -> None:
    found = versions([said(_D1, 1, a=ONE, b=Procedure()), said(_D2, 2, a=replace_name(TWO), b=Procedure())])
    assert [one.procedure.procedure_name for one in found["a"]] == ["Một", "Một"]
    assert found["b"][0].procedure.procedure_name == "b"


def replace_name(procedure: Procedure) -> Procedure:
    return Procedure(limit_value=procedure.limit_value, limit_unit=procedure.limit_unit)


def test_changes_are_told_field_by_field() -> None:
    before = {"a": ONE, "b": OTHER}
    after = {"a": Procedure("Một", service_level="full", limit_value=2, limit_unit="working_day"), "c": TWO}
    assert changes(before, after) == [
        Change("new", "c", "Một", new="2 ngày"),
        Change("changed", "a", "Một", "Mức độ dịch vụ công", "–", "toàn trình"),
        Change("changed", "a", "Một", "Thời hạn giải quyết", "1 ngày", "2 ngày làm việc"),
        Change("ended", "b", "Khác"),
    ]
    assert changes(after, after) == []


def test_the_first_day_on_which_two_histories_differ() -> None:
    first, ended = Version(BEGINNING, _D1, None, ONE), Version(_D1, _D2, 1, TWO)
    assert same_until([first, ended], [first, ended]) == FOREVER
    assert same_until([], [first]) == BEGINNING
    assert same_until([first], []) == BEGINNING
    assert same_until([], []) == FOREVER
    assert same_until([first], [first, ended]) == _D1
    assert same_until([first, ended], [first, Version(_D1, FOREVER, 1, TWO)]) == _D2
    assert same_until([first, ended], [first, Version(_D1, _D2, 1, OTHER)]) == _D1
    assert same_until([first], [Version(BEGINNING, _D1, None, TWO)]) == BEGINNING
    # Which catalogue said it first makes no difference.
    assert same_until([ended], [Version(_D1, _D2, 2, TWO)]) == FOREVER


_procedures = st.sampled_from([ONE, TWO, OTHER, Procedure("Một", limit_value=0, limit_unit="working_day")])
_catalogues = st.lists(
    st.tuples(st.sampled_from([_D1, _D2, _D3]), st.dictionaries(st.sampled_from("abc"), _procedures)),
    max_size=6,
)


@settings(max_examples=200, deadline=None, derandomize=True, database=None)
@given(_catalogues, st.integers(0, 99))
def test_on_every_day_holds_what_the_last_catalogue_of_then_says(
    drawn: list[tuple[date, dict[str, Procedure]]], seed: int
) -> None:
    stated = [said(BEGINNING, None, a=ONE)] + [
        said(day, number, **procedures) for number, (day, procedures) in enumerate(drawn, start=1)
    ]
    shuffled = list(stated)
    random.Random(seed).shuffle(shuffled)
    found = versions(shuffled)
    assert found == versions(stated)
    for day in (BEGINNING, _D1, date(2023, 3, 1), _D2, _D3, date(2030, 1, 1)):
        last = max(
            (one for one in stated if one.valid_from <= day), key=lambda s: (s.valid_from, s.import_id or 0)
        )
        assert on_day(found, day) == dict(last.procedures)
    for listed in found.values():
        assert all(one.valid_from < one.valid_to for one in listed)
        for one, following in pairwise(listed):
            assert one.valid_to <= following.valid_from
            assert one.valid_to < following.valid_from or one.procedure != following.procedure


@settings(max_examples=200, deadline=None, derandomize=True, database=None)
@given(_catalogues, _catalogues)
def test_until_the_day_of_difference_the_same_version_stands(
    one: list[tuple[date, dict[str, Procedure]]], more: list[tuple[date, dict[str, Procedure]]]
) -> None:
    stated = [said(day, number, **procedures) for number, (day, procedures) in enumerate(one + more, start=1)]
    before, after = versions(stated[: len(one)]), versions(stated)
    for code in "abc":
        mine, theirs = before.get(code, []), after.get(code, [])
        since = same_until(mine, theirs)
        for day in (BEGINNING, _D1, date(2023, 3, 1), _D2, _D3, date(2030, 1, 1)):
            assert day >= since or _standing(mine, day) == _standing(theirs, day)


def _standing(known: list[Version], day: date) -> tuple[Procedure, bool] | None:
    if not known:
        return None
    begun = [one for one in known if one.valid_from <= day]
    stands = begun[-1] if begun else known[0]
    return stands.procedure, stands.valid_from <= day < stands.valid_to
