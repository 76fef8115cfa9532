"""Histories of a few dossiers, written by hand or drawn, and the readings that they are folded with."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import fields, replace
from datetime import date, time
from functools import cache
from random import Random
from typing import Any

import polars as pl

from assets.dimensions.work_calendar import WorkingHours, work_calendar
from assets.facts.deadline import Office
from assets.facts.fold import Facts, History, Reference
from tests.facts.rows import files, frame, instant, sources, statements

_STEP = "dossier_code source processed_at status department position started_at due_at known_from"
_SEEN = "dossier_code source effective_from known_from"
_REFUSED = "dossier_code source seen_at known_from"
_LIST = "source effective_at known_from complete_from complete_to covers_unreceived"
_LINK = "dossier_code other_code known_from"


def history(
    *stated: dict[str, object],
    steps: Sequence[tuple[Any, ...]] = (),
    repeats: Sequence[tuple[Any, ...]] = (),
    refused: Sequence[tuple[Any, ...]] = (),
    lists: Sequence[tuple[Any, ...]] = (),
    links: Sequence[tuple[Any, ...]] = (),
) -> History:
    """Returns a history of these statements (`rows.statements`), steps, repeats, refused rows, complete lists and links."""
    return History(
        statements(*stated),
        frame(_STEP, *steps),
        frame(_SEEN, *repeats),
        frame(_REFUSED, *refused),
        frame(_LIST, *lists),
        files(),
        frame(_LINK, *links),
    )


@cache
def reference() -> Reference:
    """Returns readings of one province with two units and two procedures, and the calendar of the country."""
    calendar = work_calendar(date(2023, 7, 1), date(2023, 9, 30))
    working = [bool(mark) for mark in calendar.is_working]
    days = pl.DataFrame(
        {
            "date": pl.date_range(date(2023, 7, 1), date(2023, 9, 30), eager=True),
            "is_working_day": working,
            "worked_before": [480 * sum(working[:place]) for place in range(len(working))],
        },
        schema_overrides={"worked_before": pl.Int64},
    )
    minutes = pl.DataFrame(
        {
            "minute": [time(minute // 60, minute % 60) for minute in range(24 * 60)],
            "worked": [
                min(max(minute - 420, 0), 270) + min(max(minute - 810, 0), 210) for minute in range(24 * 60)
            ],
        },
        schema_overrides={"worked": pl.Int64},
    )
    desks = frame("organisation_code unit_code unit_valid_from list_from").rename({"list_from": "valid_from"})
    return Reference(
        sources(),
        frame(
            "source valid_from valid_to province_code list_from",
            *((name, "01/01 00:00", "∞", "89", "01") for name in ("angiang", "dvcqg", "igate")),
        ),
        frame(
            "province_code list_from unit_name unit_code unit_valid_from is_known is_alias",
            ("89", "01", "phường Thới Sơn", "30517", "01", True, False),
            ("89", "01", "xã An Nông", "30529", "01", True, False),
        ),
        desks,
        frame("unit_code unit_valid_from unit_key", ("30517", "01", 1), ("30529", "01", 2)),
        frame("procedure_name procedure_code", ("Chứng thực bản sao", "2.000815")),
        frame(
            "procedure_code procedure_key stands_from field_code field_name limit_value limit_unit online_limit_value"
            " online_limit_unit is_last is_inferred",
            ("1.001193", 1, "01/01", "HT", "Hộ tịch", 1.0, "working_day", None, None, True, False),
            ("2.000815", 2, "01/01", "CT", "Chứng thực", 2.0, "working_day", None, None, True, False),
        ),
        frame("status life_order", *((status, status) for status in range(1, 11))),
        days,
        minutes,
        Office(calendar, WorkingHours()),
        {"ii06": 1, "qd766": 2, "opencps": 4, "opencps_v1": 8, "opencps_v2": 16},
    )


def known_by(whole: History, moment: str) -> History:
    """Returns what of a history had arrived by a moment."""
    (until,) = frame("at", (moment,))["at"]
    return replace(
        whole,
        **{
            each.name: rows.filter(pl.col("known_from") <= until)
            for each in fields(whole)
            if "known_from" in (rows := getattr(whole, each.name)).columns
        },
    )


def of_dossiers(whole: History, codes: Sequence[str]) -> History:
    """Returns what of a history is about these dossiers; complete lists are about all."""
    return replace(
        whole,
        **{
            each.name: rows.filter(pl.col("dossier_code").is_in(codes))
            for each in fields(whole)
            if "dossier_code" in (rows := getattr(whole, each.name)).columns
        },
    )


def as_known(facts: Facts, moment: str = "∞") -> dict[str, set[tuple[Any, ...]]]:
    """Returns the rows of each kind of two-timed fact that were known at a moment, without the range in which they were."""
    (at,) = frame("at", ("31/12" if moment == "∞" else moment,))["at"]
    return {
        each.name: rows_of(
            getattr(facts, each.name)
            .filter((pl.col("known_from") <= at) & (pl.col("known_to") > at))
            .drop("known_from", "known_to")
        )
        for each in fields(facts)
        if "known_to" in getattr(facts, each.name).columns
    }


def all_rows(facts: Facts) -> dict[str, set[tuple[Any, ...]]]:
    """Returns the rows of each kind of fact, the range in which each was known included."""
    return {each.name: rows_of(getattr(facts, each.name)) for each in fields(facts)}


def rows_of(rows: pl.DataFrame) -> set[tuple[Any, ...]]:
    """Returns the rows as a set; no row may stand there twice."""
    plain = rows.select(
        pl.col(name).cast(pl.Int64)
        if kind == pl.Datetime("us")
        else pl.col(name).list.join(" ")
        if kind == pl.List
        else name
        for name, kind in rows.schema.items()
    ).rows()
    assert len(set(plain)) == len(plain)
    return set(plain)


def drawn(seed: int, dossiers: int = 40) -> History:
    """Returns the history of some dossiers over ten days, things gone wrong and late arrivals included."""
    rng = Random(seed)
    codes = [f"D{number:03}" for number in range(dossiers)]
    stated = {
        tuple(each[name] for name in ("dossier_code", "source", "effective_from")): each
        for each in (_statement(rng, code) for code in codes for _ in range(rng.randint(1, 5)))
    }
    repeats = [(*_named(rng, codes), *_export(rng)) for _ in range(dossiers)]
    return history(
        *stated.values(),
        steps=[_step(rng, codes) for _ in range(dossiers)],
        repeats=[repeat for repeat in repeats if repeat[:3] not in stated],
        refused=[(*_named(rng, codes), *_export(rng)) for _ in range(dossiers // 4)],
        lists=[each for _ in range(rng.randint(0, 4)) for each in _lists(rng)],
        links=[(*rng.choices(codes, k=2), _export(rng)[1]) for _ in range(dossiers // 4)],
    )


def _named(rng: Random, codes: list[str]) -> tuple[str, str]:
    return rng.choice(codes), rng.choice(("igate", "igate", "dvcqg", "angiang"))


def _export(rng: Random) -> tuple[str, str]:
    """Returns the moment of an export and that of its arrival, which may be later."""
    day = rng.randint(17, 26)
    return f"{day} 18:30", f"{rng.choice((day, day, day, min(day + 1, 27), 27))} 19:00"


def _instant(rng: Random) -> str:
    return f"{rng.randint(17, 25)} {rng.choice(('08:00', '16:00'))}"


def _statement(rng: Random, code: str) -> dict[str, object]:
    since, known = _export(rng)
    status = rng.choice((4, 4, 2, 9, 9, 5, 10, 8, 6, 7, 1, 3))
    ended = _instant(rng) if status in (7, 9, 10) else None
    return {
        **{"dossier_code": code, "source": rng.choice(("igate", "igate", "dvcqg", "angiang"))},
        **{"effective_from": since, "known_from": known, "status": status, "state_rank": status},
        "received_at": None
        if status in (1, 3)
        else rng.choice(("17 09:00", "17 09:00", "17 09:00", "18 09:00")),
        "due_at": rng.choice((None, "18 09:00", "18 09:00", "20 09:00", "24 00:00")),
        "due_has_clock": rng.random() < 0.5,
        "ended_at": ended,
        "ended_has_clock": ended and rng.random() < 0.8,
        "returned_at": _instant(rng) if status == 10 and rng.random() < 0.5 else None,
        "supplement_requested_at": _instant(rng) if status == 5 and rng.random() < 0.5 else None,
        "supplements": _supplements(rng, ended) if rng.random() < 0.3 else None,
        "unit_name": rng.choice(("phường Thới Sơn", "phường Thới Sơn", "xã An Nông", "phường Lạ")),
        "procedure_code": rng.choice(("1.001193", "1.001193", "2.000815", "BCA-01")),
        "channel": rng.choice((None, 1, 2)),
    }


def _supplements(rng: Random, ended: str | None) -> str:
    # Now and then asked for at the very moment of the end: the national portal's way of sending a waiting dossier.
    asked = instant(ended) if ended and rng.random() < 0.5 else instant(f"{rng.randint(18, 20)} 08:00")
    answered = rng.choice((None, "2023-07-20T08:00:00", "2023-07-22T08:00:00"))
    moved = rng.choice((None, "2023-07-21T09:00:00"))
    window = {
        "requested_at": asked.isoformat(),
        "resumed_at": answered,
        "due_before": None,
        "due_after": moved,
    }
    return json.dumps([window])


def _step(rng: Random, codes: list[str]) -> tuple[Any, ...]:
    _, known = _export(rng)
    status = rng.choice((2, 4, 5, 6, 9))
    return (rng.choice(codes), "dvcqg", _instant(rng), status, "Một cửa", None, None, None, known)


def _lists(rng: Random) -> list[tuple[Any, ...]]:
    """Returns a complete list, now and then with another one of the same moment that covers another period."""
    source, (since, known) = rng.choice(("igate", "dvcqg", "angiang")), _export(rng)
    periods = [("01", "31", True), ("01", "31", False), ("18", "31", False), ("01", "17", False)]
    return [
        (source, since, rng.choice((known, "27 19:00")), *period)
        for period in rng.sample(periods, rng.choice((1, 1, 2)))
    ]
