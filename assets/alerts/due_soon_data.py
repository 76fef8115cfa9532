"""Dossiers due soon, read from and written to the warehouse: mart.due_soon and ops.due_soon_model.

The model is fitted and proved once a week, on what was known by the last Friday covered: its cost does not grow with
every night. Not here: the model (`due_soon.py`), the proof (`due_soon_proof.py`).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date

import polars as pl
from sqlalchemy import Connection, Engine, text

from assets.aggregates.refresh import horizon
from assets.alerts.due_soon import HORIZON, Model, Snapshots, fit
from assets.alerts.due_soon_proof import FOLDS, TEST_DAYS, TRAIN_DAYS, Proof, prove
from assets.alerts.due_soon_snapshots import read_snapshots
from assets.facts.changes import change_number
from warehouse_sql.frames import copy_frame
from warehouse_sql.kept_settings import keep_setting, kept_setting
from warehouse_sql.messages import message
from warehouse_sql.sql_files import run_file

_MADE_OF = "due_soon_made_of"
_DAYS = TRAIN_DAYS + FOLDS * TEST_DAYS + HORIZON


@dataclass(frozen=True)
class DueSoon:
    """What stands in mart.due_soon: dossiers, and whether they are ordered by probability."""

    dossiers: int
    is_kept: bool
    reason_vi: str


def refresh_due_soon(engine: Engine) -> DueSoon | None:
    """Makes the list again as of the last export, and the model when a week began since it was fitted.

    Returns the proof of the model in force, or None without exports.
    """
    with engine.begin() as connection:
        numbers = _numbers(connection)
        if numbers is None:
            return None
        through, covered, monday = numbers
        if not _is_fitted(connection, monday):
            _fit_and_prove(connection, monday)
        fitted, is_kept, reason = connection.execute(
            text("select fitted, is_kept, reason_vi from ops.due_soon_model where trained_through = :day"),
            {"day": monday},
        ).one()
        rows = read_snapshots(connection, covered, covered) if is_kept else None
        _write_chances(connection, rows, fitted)
        run_file(connection, "mart/fill_due_soon.sql", is_kept=is_kept)
        count = connection.execute(text("select count(*) from mart.due_soon")).scalar_one()
        keep_setting(connection, _MADE_OF, _state(connection))
    assert through >= monday
    return DueSoon(int(count), bool(is_kept), str(reason))


def is_up_to_date(engine: Engine) -> bool:
    """Returns whether the list is of the facts as they are and as of the last export."""
    with engine.connect() as connection:
        return kept_setting(connection, _MADE_OF) == _state(connection)


def _state(connection: Connection) -> str:
    return f"{horizon(connection)} {change_number(connection)}"


def all_snapshots(connection: Connection) -> Snapshots:
    """Returns those of the working days that training and proof ask for, up to the last one covered."""
    numbers = _numbers(connection)
    covered = numbers[1] if numbers else 0
    return read_snapshots(connection, covered - _DAYS, covered)


def _numbers(connection: Connection) -> tuple[date, int, date] | None:
    """Returns the day covered, the number of the last working day by then, and the last working day of the week
    before.
    """
    row = connection.execute(
        text(
            # The horizon is asked for once, not once for each day.
            "with c as materialized (select landing.horizon() as day)"
            " select c.day, max(d.working_day_number) as covered, max(d.date) filter (where d.is_working_day"
            " and d.date < date_trunc('week', c.day)) as friday from core.dim_date as d"
            " inner join c on d.date <= c.day group by c.day"
        )
    ).one_or_none()
    if row is None or row.friday is None:
        return None
    return row.day, int(row.covered), row.friday


def _is_fitted(connection: Connection, day: date) -> bool:
    return bool(
        connection.execute(
            text("select exists (select 1 from ops.due_soon_model where trained_through = :day)"),
            {"day": day},
        ).scalar_one()
    )


def _fit_and_prove(connection: Connection, day: date) -> None:
    number = connection.execute(
        text("select working_day_number from core.dim_date where date = :day"), {"day": day}
    ).scalar_one()
    rows = read_snapshots(connection, number - _DAYS, number)
    proof = prove(rows)
    model = fit(rows.where(rows.day > number - TRAIN_DAYS), number) if proof.is_kept else None
    order = proof.decisive
    connection.execute(
        text(
            "insert into ops.due_soon_model values (:day, cast(:fitted as jsonb), :is_kept, :lists, :precision_model,"
            " :precision_plain, :brier_model, :brier_plain, :calibration_error, :reason)"
        ),
        {
            "day": day,
            "fitted": json.dumps(model.as_json() if model else {}),
            "is_kept": model is not None,
            "lists": order.lists if order else 0,
            "precision_model": order.model if order else None,
            "precision_plain": order.plain if order else None,
            "brier_model": proof.brier_model,
            "brier_plain": proof.brier_plain,
            "calibration_error": proof.calibration_error,
            "reason": reason_of(proof),
        },
    )


def reason_of(proof: Proof) -> str:
    """Returns why the model is kept or not, in one Vietnamese sentence."""
    order = proof.decisive
    if order is None or order.lists == 0 or proof.overdue == 0:
        return message("Chưa đủ số liệu để thử mô hình; xếp theo số ngày còn lại.")
    figures = message(
        "trong 5 hồ sơ đầu mỗi danh sách, {model:percent} quá hạn khi xếp theo mô hình, "
        "{plain:percent} khi xếp theo số ngày còn lại ({lists} danh sách)",
        model=(round(1000 * order.model), 1000),
        plain=(round(1000 * order.plain), 1000),
        lists=order.lists,
    )
    if proof.is_kept:
        return message("Xếp theo mô hình: {figures}.", figures=figures)
    return message("Xếp theo số ngày còn lại, vì mô hình chưa hơn rõ ràng: {figures}.", figures=figures)


def _write_chances(connection: Connection, rows: Snapshots | None, fitted: dict[str, object]) -> None:
    connection.execute(
        text(
            "create temporary table due_soon_chance (dossier_code text, probability double precision) on commit drop"
        )
    )
    if rows is None:
        return
    rows = rows.where(rows.left >= 1)
    if len(rows):
        chances = pl.DataFrame(
            {"dossier_code": rows.code, "probability": Model.of_json(fitted).probability(rows)}
        )
        copy_frame(connection, chances, "due_soon_chance")
