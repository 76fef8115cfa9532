"""The fold: what the statements of dossiers add up to, for every moment at which something became known of them.

Pure: frames in, frames out. What each step makes stands in the module of its name; here is their order, and how equal
neighbours in known time become one row. It works on any set of dossiers that is whole in itself (a bucket), each by itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from assets.facts.absences import absences_of, appearances_of
from assets.facts.computed_due import computed_due_of
from assets.facts.deadline import Office
from assets.facts.deadline_batch import due_frame
from assets.facts.due_dates import due_points_of
from assets.facts.edits import changes_of, judged_over_all
from assets.facts.ends import ends_of
from assets.facts.events import events_of
from assets.facts.going_on import going_on_of
from assets.facts.known import ranged
from assets.facts.life import life_of, receptions_of, runs_of, set_backs_of
from assets.facts.lives import known_in
from assets.facts.merged import dossiers_of
from assets.facts.moments import lives_known
from assets.facts.offices import offices_of
from assets.facts.procedures import procedures_of
from assets.facts.spans import spans_of
from assets.facts.stages import stages_of
from assets.facts.statements import repeats_of_codes, statements_of_lives, taken
from assets.facts.suspensions import requests_of, suspensions_of
from assets.facts.timeliness import timeliness_of
from assets.facts.words import words_of


@dataclass(frozen=True)
class History:
    """What is known of some dossiers, whole: all that sources stated of them, and which lists ought to name them.

    `statements`: as history.dossier_version; `steps`: as history.process_step; `repeats`: dossier_code, source, effective_from,
    known_from; `refused`: dossier_code, source, seen_at, known_from of rows that were refused; `complete_lists`: source,
    effective_at, known_from, complete_from, complete_to, covers_unreceived; `files`: file_id, columns; `links`: dossier_code,
    other_code, known_from.
    """

    statements: pl.DataFrame
    steps: pl.DataFrame
    repeats: pl.DataFrame
    refused: pl.DataFrame
    complete_lists: pl.DataFrame
    files: pl.DataFrame
    links: pl.DataFrame


@dataclass(frozen=True)
class Reference:
    """Readings, as they are today: they apply to whatever was known at any moment."""

    sources: pl.DataFrame
    provinces: pl.DataFrame
    unit_names: pl.DataFrame
    desks: pl.DataFrame
    units: pl.DataFrame
    procedure_names: pl.DataFrame
    procedure_versions: pl.DataFrame
    statuses: pl.DataFrame
    days: pl.DataFrame
    minutes: pl.DataFrame
    office: Office
    rule_set_bits: Mapping[str, int]


@dataclass(frozen=True)
class Facts:
    """Facts with the range of known time in which each row was what was known: known_from, known_to (NEVER: now).

    `due`, what due dates ought to be, is of what is known now alone.
    """

    dossiers: pl.DataFrame
    spans: pl.DataFrame
    events: pl.DataFrame
    stages: pl.DataFrame
    edits: pl.DataFrame
    delays: pl.DataFrame
    due: pl.DataFrame


def fold(history: History, reference: Reference) -> Facts:
    """Returns the facts of the dossiers of `history`, for all known moments."""
    statements = taken(history.statements, reference.sources, history.files)
    appearances = appearances_of(_presence(history), reference.sources)
    lives, members = lives_known(
        statements, history.steps, history.repeats, appearances, history.complete_lists, history.links
    )
    steps = known_in(members, history.steps).join(reference.statuses, on="status", how="left")
    laid_out = known_in(members, statements)
    stated_again = repeats_of_codes(laid_out)
    stated = statements_of_lives(laid_out, stated_again, steps)
    words = words_of(stated)
    life = life_of(stated)
    runs = runs_of(life)
    set_backs = set_backs_of(runs)
    receptions = receptions_of(words, life, set_backs)
    requests = requests_of(words)
    ends = ends_of(runs, words, receptions)
    suspensions = suspensions_of(
        runs, requests, _going_on(stated, laid_out, history, members, runs, requests), _national_ends(stated)
    )
    absences = absences_of(members, laid_out, appearances, history.complete_lists)
    due_points = due_points_of(receptions, life, ends, requests)
    spans = spans_of(receptions, due_points, ends, suspensions, absences, set_backs, runs)
    offices = offices_of(stated, words, reference.provinces, reference.unit_names, reference.desks)
    procedures = procedures_of(words, reference.procedure_names, reference.procedure_versions)
    limits = _limits(words, procedures, spans, reference.office)
    events = events_of(spans, limits, reference.rule_set_bits)
    dossiers = dossiers_of(
        words,
        spans,
        offices,
        reference.units,
        procedures,
        limits,
        absences,
        steps,
        _other_codes(lives, members),
        timeliness_of(events, reference.rule_set_bits),
    )
    stages = stages_of(steps, dossiers, reference.days, reference.minutes)
    changes = changes_of(laid_out, stated_again, history.repeats, lives)
    edits, delays = judged_over_all(changes, laid_out)
    sectors = procedures.select("life", "sector_code")
    return Facts(
        ranged(dossiers, lives),
        ranged(spans.drop("from_has_clock"), lives),
        ranged(events.join(_places(dossiers), on="life").join(sectors, on="life"), lives),
        ranged(stages.join(_places(dossiers, _NAMES), on="life"), lives),
        ranged(edits, lives),
        ranged(delays, lives),
        computed_due_of(dossiers, spans, procedures, lives, reference.office),
    )


_NAMES = ("unit_code", "unit_valid_from", "procedure_code")


def _places(dossiers: pl.DataFrame, besides: Sequence[str] = ("channel",)) -> pl.DataFrame:
    """Returns where the rows of each life are counted."""
    return dossiers.select(
        *("life", "unit_key", "procedure_key", *besides), received_on=pl.col("received_at").dt.date()
    )


def _presence(history: History) -> pl.DataFrame:
    """Returns when each source named a dossier at all, refused rows included: dossier_code, source, seen_at, known_from."""
    named = [
        frame.select("dossier_code", "source", pl.col("effective_from").alias("seen_at"), "known_from")
        for frame in (history.statements, history.repeats)
    ]
    return pl.concat([*named, history.refused])


def _going_on(
    stated: pl.DataFrame,
    laid_out: pl.DataFrame,
    history: History,
    members: pl.DataFrame,
    runs: pl.DataFrame,
    requests: pl.DataFrame,
) -> pl.DataFrame:
    """Returns when the province stated that a dossier goes on, of the lives for which that matters."""
    asked = pl.concat([requests.select("life"), runs.filter(pl.col("class") == "suspended").select("life")])
    return going_on_of(stated, laid_out, history.repeats, members, asked.unique())


def _other_codes(lives: pl.DataFrame, members: pl.DataFrame) -> pl.DataFrame:
    """Returns life and other_codes, the codes that it goes by besides, of lives that have any."""
    return (
        members.join(lives.select("life", filed_as="dossier_code"), on="life")
        .filter(pl.col("dossier_code") != pl.col("filed_as"))
        .sort("life", "dossier_code")
        .group_by("life", maintain_order=True)
        .agg(other_codes="dossier_code")
    )


def _national_ends(stated: pl.DataFrame) -> pl.DataFrame:
    return (
        stated.filter(
            ~pl.col("is_provincial") & pl.col("status").is_in([9, 10]) & pl.col("ended_at").is_not_null()
        )
        .select("life", "ended_at")
        .unique()
    )


def _limits(
    words: pl.DataFrame, procedures: pl.DataFrame, spans: pl.DataFrame, office: Office
) -> pl.DataFrame:
    """Returns life and limit_due_at. Only where a due date was not promised does a rule set ask for it."""
    asked = spans.filter(pl.col("due_at").is_null()).select("life").unique()
    rows = (
        words.select("life", "received_at")
        .join(asked, on="life", how="semi")
        .join(procedures.select("life", "limit_value", "limit_unit"), on="life")
    )
    due = due_frame(rows.rename({"life": "dossier_code"}), office)
    return pl.DataFrame({"life": rows["life"], "limit_due_at": due["due_at"]})
