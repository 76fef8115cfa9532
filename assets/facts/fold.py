"""The fold: what the statements of dossiers add up to, for every moment at which something became known of them.

Pure: frames in, frames out. What each step makes stands in the module of its name; here is their order, and how equal
neighbours in known time become one row. It works on any set of dossiers that is whole in itself (a bucket), each by itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from assets.facts.absences import absences_of, appearances_of
from assets.facts.deadline import Office
from assets.facts.deadline_batch import due_frame
from assets.facts.due_dates import due_points_of
from assets.facts.edits import changes_of
from assets.facts.ends import ends_of
from assets.facts.events import events_of
from assets.facts.known import ranged
from assets.facts.life import life_of, runs_of
from assets.facts.lives import known_in
from assets.facts.merged import dossiers_of
from assets.facts.moments import lives_known
from assets.facts.offices import offices_of
from assets.facts.procedures import procedures_of
from assets.facts.spans import spans_of
from assets.facts.stages import stages_of
from assets.facts.statements import statements_of_lives, taken
from assets.facts.suspensions import requests_of, suspensions_of
from assets.facts.words import words_of


@dataclass(frozen=True)
class History:
    """What is known of some dossiers, whole: all that sources stated of them, and which lists ought to name them.

    `statements`: as history.dossier_version; `steps`: as history.process_step; `repeats`: dossier_code, source, effective_from,
    known_from; `refused`: dossier_code, source, seen_at, known_from of rows that were refused; `complete_lists`: source,
    effective_at, known_from, complete_from, complete_to, covers_unreceived; `files`: file_id, columns.
    """

    statements: pl.DataFrame
    steps: pl.DataFrame
    repeats: pl.DataFrame
    refused: pl.DataFrame
    complete_lists: pl.DataFrame
    files: pl.DataFrame


@dataclass(frozen=True)
class Reference:
    """Readings, as they are today: they apply to whatever was known at any moment."""

    sources: pl.DataFrame
    provinces: pl.DataFrame
    unit_names: pl.DataFrame
    desks: pl.DataFrame
    procedure_names: pl.DataFrame
    procedure_versions: pl.DataFrame
    statuses: pl.DataFrame
    days: pl.DataFrame
    minutes: pl.DataFrame
    office: Office
    rule_set_bits: Mapping[str, int]


@dataclass(frozen=True)
class Facts:
    """Facts with the range of known time in which each row was what was known: known_from, known_to (NEVER: now)."""

    dossiers: pl.DataFrame
    spans: pl.DataFrame
    events: pl.DataFrame
    stages: pl.DataFrame
    edits: pl.DataFrame


def fold(history: History, reference: Reference) -> Facts:
    """Returns the facts of the dossiers of `history`, for all known moments."""
    statements = taken(history.statements, reference.sources, history.files)
    appearances = appearances_of(_presence(history), reference.sources)
    lives = lives_known(statements, history.steps, history.repeats, appearances, history.complete_lists)
    steps = known_in(lives, history.steps).join(reference.statuses, on="status", how="left")
    laid_out = known_in(lives, statements)
    stated = statements_of_lives(laid_out, steps)
    words = words_of(stated)
    life = life_of(stated)
    runs = runs_of(life)
    requests = requests_of(words)
    ends = ends_of(runs, words)
    absences = absences_of(lives, laid_out, appearances, history.complete_lists)
    due_points = due_points_of(words, life, ends, requests)
    spans = spans_of(words, due_points, ends, suspensions_of(runs, requests), absences)
    offices = offices_of(stated, words, reference.provinces, reference.unit_names, reference.desks)
    procedures = procedures_of(words, reference.procedure_names, reference.procedure_versions)
    limits = _limits(words, procedures, spans, reference.office)
    dossiers = dossiers_of(words, spans, offices, procedures, limits, absences, steps)
    return Facts(
        ranged(dossiers, lives),
        ranged(spans, lives),
        ranged(_placed(events_of(spans, limits, reference.rule_set_bits), dossiers), lives),
        ranged(_placed(stages_of(steps, dossiers, reference.days, reference.minutes), dossiers), lives),
        ranged(changes_of(laid_out, history.repeats, lives), lives),
    )


def _presence(history: History) -> pl.DataFrame:
    """Returns when each source named a dossier at all, refused rows included: dossier_code, source, seen_at, known_from."""
    named = [
        frame.select("dossier_code", "source", pl.col("effective_from").alias("seen_at"), "known_from")
        for frame in (history.statements, history.repeats)
    ]
    return pl.concat([*named, history.refused])


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


def _placed(rows: pl.DataFrame, dossiers: pl.DataFrame) -> pl.DataFrame:
    """Adds where each row of a dossier is counted."""
    place = dossiers.select(
        *("life", "unit_code", "unit_valid_from", "procedure_code", "channel"),
        received_on=pl.col("received_at").dt.date(),
    )
    return rows.join(place, on="life", maintain_order="left")
