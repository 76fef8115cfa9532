"""Laws of the fold, tried on drawn histories without a server. MOTCUA_EXAMPLES=n tries n of each instead of two:
`make laws`."""

from __future__ import annotations

import os
from dataclasses import fields, replace
from datetime import date, datetime, timedelta
from random import Random

import polars as pl
import pytest

from assets.facts import moments
from assets.facts.fold import Facts, History, fold
from assets.facts.links import components_of
from assets.facts.lives import NEVER
from assets.facts.timeliness import KEPT
from tests.facts.histories import all_rows, as_known, drawn, known_by, of_dossiers, reference, rows_of
from tests.facts.rows import instant

_PARTS = ("statements", "steps", "repeats", "refused", "complete_lists", "links")
_SEEDS = range(int(os.environ.get("MOTCUA_EXAMPLES", "2")))
_law = pytest.mark.parametrize("seed", _SEEDS)
#: Histories of dossiers under several codes in which arrivals were left out, or two rows stood at one moment.
_HARD = (564, 881, 1045)
_WEIGHTS = {"resolved_early": 1, "resolved_on_time": 1, "resolved_late": 2}
_OVERDUE = {"became_overdue": 1, "overdue_cleared": -1}
_MOMENTS = [f"{day} 20:00" for day in range(17, 29)]


def _fold(whole: History) -> Facts:
    return fold(whole, reference())


def _buckets(whole: History, rng: Random) -> list[list[str]]:
    """Returns the dossiers in some buckets, linked ones in the same."""
    roots = dict(components_of(whole.links).iter_rows())
    places = {code: rng.randrange(3) for code in sorted({*whole.statements["dossier_code"], *roots.values()})}
    buckets: list[list[str]] = [[], [], []]
    for code in sorted({*whole.statements["dossier_code"], *roots}):
        buckets[places[roots.get(code, code)]].append(code)
    return buckets


@_law
def test_folding_in_one_bucket_or_in_several_gives_the_same_facts(seed: int) -> None:
    whole = drawn(seed)
    parts = [all_rows(_fold(of_dossiers(whole, codes))) for codes in _buckets(whole, Random(seed))]
    for table, rows in all_rows(_fold(whole)).items():
        assert set().union(*(part[table] for part in parts)) == rows, table


@_law
def test_what_was_known_at_a_moment_is_what_the_files_of_then_say(seed: int) -> None:
    whole = drawn(seed)
    facts = _fold(whole)
    for moment in _MOMENTS[seed % 4 :: 4]:
        of_then = as_known(_fold(known_by(whole, moment)))
        for table, rows in as_known(facts, moment).items():
            assert rows == of_then[table], (table, moment)


@pytest.mark.parametrize("seed", [*_SEEDS, *_HARD])
def test_no_arrival_is_left_out_that_changes_what_is_known(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Folded for every arrival of anything at all, the facts are the same."""
    whole = drawn(seed)
    expected = all_rows(_fold(whole))
    arrivals = pl.concat([getattr(whole, name).select("known_from") for name in _PARTS]).unique()
    at_all = whole.statements.select("dossier_code").unique().join(arrivals, how="cross")
    monkeypatch.setattr(moments, "moments_of_absence", lambda *_: at_all)
    for table, rows in all_rows(_fold(whole)).items():
        assert rows == expected[table], table


@_law
def test_the_order_of_rows_does_not_matter(seed: int) -> None:
    whole = drawn(seed)
    shuffled = {name: getattr(whole, name).sample(fraction=1.0, shuffle=True, seed=seed) for name in _PARTS}
    expected = all_rows(_fold(whole))
    for table, rows in all_rows(_fold(replace(whole, **shuffled))).items():
        assert rows == expected[table], table


@_law
def test_what_is_known_in_the_end_does_not_depend_on_when_it_arrived(seed: int) -> None:
    whole = drawn(seed)
    late = pl.lit(datetime(2023, 7, 28)).cast(pl.Datetime("us"))
    at_once = {name: getattr(whole, name).with_columns(known_from=late) for name in _PARTS}
    expected = as_known(_fold(whole))
    for table, rows in as_known(_fold(replace(whole, **at_once))).items():
        assert rows == expected[table], table


@_law
def test_the_last_span_and_the_dossier_say_the_same_at_every_known_moment(seed: int) -> None:
    facts = _fold(drawn(seed))
    same = ("dossier_code", "status", "state", "due_at")
    for moment in _MOMENTS:
        is_known = (pl.col("known_from") <= instant(moment)) & (pl.col("known_to") > instant(moment))
        last = facts.spans.filter(is_known).sort("span_number").unique("dossier_code", keep="last")
        counted = facts.dossiers.filter(is_known & pl.col("is_counted"))
        assert rows_of(last.filter(pl.col("state") != "not_received").select(same)) == rows_of(
            counted.select(same)
        )


@_law
def test_no_row_stands_beside_an_equal_one_in_known_time(seed: int) -> None:
    facts = _fold(drawn(seed))
    for each in fields(facts):
        rows: pl.DataFrame = getattr(facts, each.name)
        if "known_to" not in rows.columns:
            continue
        texts = [pl.col(name).list.join(" ") for name, kind in rows.schema.items() if kind == pl.List]
        rows = rows.with_columns(texts)
        content = [name for name in rows.columns if name not in ("known_from", "known_to")]
        touching = rows.join(
            rows,
            left_on=[*content, "known_to"],
            right_on=[*content, "known_from"],
            nulls_equal=True,
            how="semi",
        )
        assert touching.is_empty(), each.name


@_law
def test_the_known_ranges_of_a_dossier_follow_each_other(seed: int) -> None:
    dossiers = _fold(drawn(seed)).dossiers.sort("dossier_code", "known_from")
    follows = pl.col("known_from") == pl.col("known_to").shift(1)
    is_next = pl.col("dossier_code") == pl.col("dossier_code").shift(1)
    broken = dossiers.filter(is_next & ~follows)
    # Only a dossier that goes by another code in between is not known under its own.
    linked = components_of(drawn(seed).links)["dossier_code"]
    assert set(broken["dossier_code"]) <= set(linked)
    assert not (dossiers["known_from"] >= dossiers["known_to"]).any()


@_law
def test_how_a_dossier_stands_is_what_its_events_add_up_to_on_every_day_since_it_is_settled(
    seed: int,
) -> None:
    facts, bits = _fold(drawn(seed)), reference().rule_set_bits
    now = pl.col("known_to") == NEVER
    events = facts.events.filter(now).drop("known_to").to_dicts()
    for dossier in facts.dossiers.filter(now).drop("known_to").to_dicts():
        own = [event for event in events if event["dossier_code"] == dossier["dossier_code"]]
        settled = dossier["settled_on"] or dossier["resolved_on"] or date.min
        for day in (date(2023, 7, 17) + timedelta(days=n) for n in range(40)):
            if day < settled:
                continue
            for name in KEPT:
                counted = [each for each in own if each["event_on"] <= day and each["rule_sets"] & bits[name]]
                is_on_time, overdue_from = dossier[f"is_on_time_{name}"], dossier[f"overdue_from_{name}"]
                weight = sum(_WEIGHTS.get(each["kind"], 0) * each["quantity"] for each in counted)
                assert weight == {None: 0, True: 1, False: 2}[is_on_time], (dossier, day)
                overdue = sum(_OVERDUE.get(each["kind"], 0) * each["quantity"] for each in counted)
                assert overdue == (overdue_from is not None and overdue_from <= day), (dossier, day)
