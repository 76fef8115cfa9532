"""Which lists the board has: tables of units, sectors and procedures, and the dossiers behind every figure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Any

from assets.board.choice import Choice, ChoiceError
from assets.board.links import (
    card,
    form_list,
    form_list_of_week,
    indicator_list,
    other_list,
    overdue_before,
    timeliness_of_sector,
    timeliness_of_unit,
)
from assets.board.listing import Column, Listing
from assets.board.reading import Reader
from quality.catalogue import load_rules
from warehouse_sql.messages import message

#: More working days than these, and a dossier that waits for its applicant is shown as stuck.
LONG_SUSPENDED_DAYS, LONG_HAND_OVER_DAYS = 30, 0
FORM_FIGURES = (
    "received_total", "received_online", "received_direct_postal", "carried_over", "resolved_total", "resolved_early",
    "resolved_on_time", "resolved_late", "pending_total", "pending_in_time", "pending_overdue",
)  # fmt: skip
INDICATOR_PARTS = ("numerator", "denominator", "unknown_count")
_MORE_FIGURES = ("became_overdue", "overdue_cleared")


def period(reader: Reader, choice: Choice) -> dict[str, Any]:
    """Returns what every statement of the board may ask for; dates that are not chosen are those of the current report."""
    return {
        "date_from": choice.date_from,
        "date_to": choice.date_to,
        "rule_set": choice.rule_set,
        "known_at": choice.known_at or "infinity",
        "unit_keys": reader.units_within(choice.unit_code, choice.unit_valid_from),
        "sector": choice.sector,
        "procedure": choice.procedure,
        "day": min(filter(None, (choice.date_to, reader.published.horizon)), default=None),
        "kind": choice.more.get("kind"),
        "source": choice.more.get("source"),
        "channel": _number(choice, "channel"),
        "status": _number(choice, "status"),
        "department": choice.more.get("department"),
        "dossier_code": None,
    }


def _figure(reader: Reader, choice: Choice) -> Mapping[str, Any]:
    figure = choice.more.get("figure", "pending_overdue")
    if figure not in (*FORM_FIGURES, *_MORE_FIGURES):
        raise ChoiceError(message("Số liệu “{figure}” không có trong biểu.", figure=figure))
    return period(reader, choice) | {"figure": figure}


def _indicator(reader: Reader, choice: Choice) -> Mapping[str, Any]:
    kind, figure = choice.more.get("kind", "2.1"), choice.more.get("figure", "numerator")
    if figure not in INDICATOR_PARTS or kind not in {
        row["indicator"] for row in reader.ask("select i.indicator from mart.indicator as i", {})
    }:
        raise ChoiceError(message("Số liệu “{figure}” không có trong biểu.", figure=f"{kind} {figure}"))
    return period(reader, choice) | {"kind": kind, "figure": figure}


def _days(reader: Reader, choice: Choice) -> Mapping[str, Any]:
    return period(reader, choice) | {"days": _number(choice, "days", 3)}


def _waiting(kind: str, least: int) -> Any:
    return lambda reader, choice: (
        period(reader, choice) | {"kind": kind, "days": _number(choice, "days", least)}
    )


def _number(choice: Choice, name: str, otherwise: int | None = None) -> int | None:
    written = choice.more.get(name)
    if written is None:
        return otherwise
    if not written.isdecimal() or len(written) > 4:
        raise ChoiceError(message("“{value}” không phải là số dùng được ở đây.", value=written))
    return int(written)


def _level(level: str) -> Any:
    return lambda reader, choice: period(reader, choice) | {"level": level}


def _refused(reader: Reader, choice: Choice) -> Mapping[str, Any]:
    messages = _messages_of_rules()
    return period(reader, choice) | {"rule_ids": list(messages), "messages_en": list(messages.values())}


@cache
def _messages_of_rules() -> Mapping[str, str]:
    return {rule.id: rule.message_en for rule in load_rules()}


_CODE = Column("dossier_code", "code", card)
_UNIT = Column("unit_name", opens=timeliness_of_unit)
_PROCEDURE, _REASON, _FILE = (Column(name, is_long=True) for name in ("procedure_name", "reason", "file"))
_UNIT_KEY = (Column("unit_code", "code"), Column("unit_valid_from", "day"))
_FIGURES = (
    *(Column(name, "count", form_list(name), is_summed=True) for name in FORM_FIGURES),
    Column("on_time_share", "share"),
)
#: Of units of today that took over parts of a divided one nobody knows which dossiers are theirs.
_UNOPENED_FIGURES = tuple(replace(column, opens=None) for column in _FIGURES)


def _by_unit(level: str) -> Listing:
    return Listing(
        f"by_{level}",
        "board/form_by_unit.sql",
        (_UNIT, *_FIGURES),
        "-received_total",
        _UNIT_KEY,
        _level(level),
        True,
    )


LISTS: Mapping[str, Listing] = {
    listing.name: listing
    for listing in (
        _by_unit("province"),
        _by_unit("district"),
        _by_unit("commune"),
        Listing(
            "by_current_unit", "board/form_by_unit_current.sql", (Column("unit_name"), *_UNOPENED_FIGURES),
            "-received_total",
            _UNIT_KEY, period, True,
        ),
        Listing(
            "by_sector", "board/form_by_sector.sql",
            (Column("sector_name", opens=timeliness_of_sector), *_FIGURES), "-received_total",
            (Column("sector_code", "code"),), period, True,
        ),
        Listing(
            "by_procedure", "board/form_by_procedure.sql",
            (_PROCEDURE, Column("sector_name"), *_FIGURES), "-received_total",
            (Column("procedure_code", "code"),), period, True,
        ),
        Listing(
            "by_channel", "board/form_by_channel.sql", (Column("channel_name", "named"), *_FIGURES), "-received_total",
            (Column("channel", "count"),), period, True,
        ),
        Listing(
            "form", "board/form_dossier.sql",
            (
                _CODE, Column("unit_name"), _PROCEDURE, Column("status_name", "named"),
                Column("received_at", "instant"), Column("due_at", "instant"), Column("ended_at", "instant"),
                Column("counted_on", "day"), Column("quantity", "count", is_summed=True),
            ),
            "due_at", (Column("dossier_code", "code"), *_UNIT_KEY), _figure, True,
        ),
        Listing(
            "overdue_by_unit", "board/overdue_by_unit.sql",
            (
                _UNIT, Column("overdue_open", "count", form_list("pending_overdue", "overdue_open"), is_summed=True),
                Column("since_yesterday", "change", overdue_before("since_yesterday", 1), is_summed=True),
                Column("since_week", "change", overdue_before("since_week", 7), is_summed=True),
                Column("newly_overdue", "count", form_list_of_week("became_overdue", "newly_overdue"), True),
                Column("overdue_cleared", "count", form_list_of_week("overdue_cleared", "overdue_cleared"), True),
                Column("pending", "count", form_list("pending_total", "pending")),
            ),
            "-overdue_open", _UNIT_KEY, period,
        ),
        Listing(
            "due_soon", "board/due_soon.sql",
            (
                _CODE, Column("unit_name"), _PROCEDURE, Column("due_at", "instant"),
                Column("working_days_left", "days"), Column("risk", "share"),
            ),
            "-risk", (Column("dossier_code", "code"),), _days,
        ),
        *(
            Listing(
                name, "board/waiting.sql",
                (
                    _CODE, Column("unit_name"), _PROCEDURE, Column("status_name", "named"),
                    Column("received_at", "instant"), Column("waiting_since", "instant"), Column("working_days", "days"),
                ),
                "-working_days", (Column("dossier_code", "code"),), _waiting(kind, least),
            )
            for name, kind, least in (
                ("suspended", "suspended", LONG_SUSPENDED_DAYS), ("hand_over", "hand_over", LONG_HAND_OVER_DAYS),
            )
        ),
        Listing(
            "stage", "board/stage.sql",
            (
                Column("status_name", "named"), Column("department"),
                Column("stages", "count", other_list("stage_dossier", "stages", status="status", department="department"), True),
                Column(
                    "still_open", "count",
                    other_list("stage_dossier", "still_open", {"kind": "still_open"}, status="status", department="department"),
                    True,
                ), Column("median_hours", "hours"), Column("p90_hours", "hours"),
            ),
            "-median_hours", (Column("status", "count"), Column("department")), period, True,
        ),
        Listing(
            "stage_dossier", "board/stage_dossier.sql",
            (
                _CODE, Column("unit_name"), _PROCEDURE, Column("status_name", "named"), Column("department"),
                Column("began_at", "instant"), Column("until_at", "instant"), Column("hours", "hours"),
            ),
            "-hours", (Column("dossier_code", "code"), Column("began_at", "instant")), period, True,
        ),
        Listing(
            "indicator", "board/indicator.sql",
            (
                Column("indicator", "code"), Column("indicator_name", "named"),
                Column("numerator", "count", indicator_list("numerator")),
                Column("denominator", "count", indicator_list("denominator")),
                Column("share", "share"), Column("mean_days", "hours"), Column("target", "share"),
                Column("unknown_count", "count", indicator_list("unknown_count")),
                Column("reason", "named", is_long=True),
            ),
            "indicator", (), period, True,
        ),
        Listing(
            "indicator_dossier", "board/indicator_dossier.sql",
            (
                _CODE, Column("unit_name"), _PROCEDURE, Column("received_at", "instant"),
                Column("ended_at", "instant"), Column("adds", "hours", is_summed=True),
            ),
            "-adds", (Column("dossier_code", "code"), Column("unit_key", "count"), Column("procedure_key", "count")),
            _indicator, True,
        ),
        Listing(
            "paper_by_procedure", "board/paper_by_procedure.sql",
            (
                _PROCEDURE,
                Column(
                    "received", "count",
                    other_list("paper_received", "received", {"kind": "received"}, procedure="procedure_code"), True,
                ),
                Column(
                    "with_household_book", "count",
                    other_list("paper", "with_household_book", {"kind": "household_book"}, procedure="procedure_code"), True,
                ),
                Column(
                    "with_identity_copy", "count",
                    other_list("paper", "with_identity_copy", {"kind": "identity_copy"}, procedure="procedure_code"), True,
                ),
            ),
            "-with_identity_copy", (Column("procedure_code", "code"),), period,
        ),
        *(
            Listing(
                name, "board/paper.sql",
                (
                    _CODE, Column("unit_name"), _PROCEDURE, Column("received_at", "instant"),
                    Column("has_household_book", "flag"), Column("has_identity_copy", "flag"),
                ),
                "-received_at", (Column("dossier_code", "code"),), period,
            )
            for name in ("paper", "paper_received")
        ),
        Listing(
            "disagreement_by_kind", "board/disagreement_by_kind.sql",
            (Column("kind", "word"), Column("dossiers", "count", other_list("disagreement", "dossiers", kind="kind"), True)),
            "-dossiers", (Column("kind"),), period,
        ),
        Listing(
            "disagreement", "board/disagreement.sql",
            (
                _CODE, Column("unit_name"), Column("kind", "word"), Column("province_says", "named"),
                Column("national_says", "named"),
                Column("province_said_at", "instant"), Column("national_said_at", "instant"),
            ),
            "-national_said_at", (Column("dossier_code", "code"), Column("kind")), period,
        ),
        Listing(
            "delay_by_kind", "board/delay_by_kind.sql",
            (
                Column("source_name", "named"), Column("kind", "word"),
                Column("dossiers", "count", other_list("delay", "dossiers", kind="kind", source="source"), True),
                Column("median_days", "hours"),
            ),
            "-dossiers", (Column("source"), Column("kind")), period,
        ),
        Listing(
            "delay", "board/delay.sql",
            (
                _CODE, Column("unit_name"), Column("source_name", "named"), Column("kind", "word"), Column("stated_by", "named"),
                Column("stated_first_at", "instant"), Column("first_seen_at", "instant"), Column("delay_days", "hours"),
            ),
            "-delay_days", (Column("dossier_code", "code"), Column("source"), Column("kind")), period,
        ),
        Listing(
            "edited_by_kind", "board/edited_by_kind.sql",
            (
                Column("source_name", "named"), Column("kind", "word"),
                Column("changes", "count", other_list("edited", "changes", kind="kind", source="source"), True),
                Column("dossiers", "count"),
            ),
            "-changes", (Column("source"), Column("kind")), period, True,
        ),
        Listing(
            "edited", "board/edited.sql",
            (
                _CODE, Column("unit_name"), Column("source_name", "named"), Column("kind", "word"),
                Column("old_value", "instant"), Column("new_value", "instant"),
                Column("last_seen_before", "instant"), Column("first_seen_at", "instant"),
            ),
            "-first_seen_at",
            (Column("dossier_code", "code"), Column("source"), Column("kind"), Column("new_value", "instant")), period, True,
        ),
        Listing(
            "feed", "board/feed.sql",
            (
                Column("source_name", "named"), Column("last_day", "day"), Column("last_arrived_at", "instant"),
                Column("expected_days", "count"),
                Column("missing_days", "count", other_list("feed_day", "missing_days", source="source")),
                Column("thin_days", "count", other_list("feed_day", "thin_days", source="source")),
            ),
            "source_name_vi", (Column("source", "code"),), period,
        ),
        Listing(
            "feed_day", "board/feed_day.sql",
            (
                Column("source_name", "named"), Column("day", "day"), Column("status", "word"), Column("rows", "count"),
                Column("expected_rows", "count"), _REASON, Column("healed_on", "day"),
            ),
            "-day", (Column("source", "code"), Column("day", "day")), period,
        ),
        Listing(
            "quarantine_by_rule", "board/quarantine_by_rule.sql",
            (
                Column("source_name", "named"), Column("rule_id", "code"),
                Column("problems", "count", other_list("quarantine", "problems", kind="rule_id", source="source"), True),
                Column("first_seen_at", "instant"),
            ),
            "-problems", (Column("source"), Column("rule_id")), period,
        ),
        Listing(
            "quarantine", "board/quarantine.sql",
            (
                Column("source_name", "named"), Column("rule_id", "code"), Column("dossier_code", "code"),
                Column("reason", "named", is_long=True), _FILE, Column("row_number", "count"), Column("first_seen_at", "instant"),
            ),
            "-first_seen_at",
            (
                Column("source"), Column("dossier_code"), Column("rule_id"), Column("field"), _FILE,
                Column("row_number", "count"),
            ),
            _refused,
        ),
    )
}  # fmt: skip
