"""What the document says: every value that its template may name, as written in the language of the report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from assets.reports.reading.by_sector import COUNTS, intake, total, unit_sectors, whatever_the_level
from assets.reports.reading.figures import Figures
from assets.reports.statements.queries import number
from assets.reports.statements.rows import ComparisonRow, CountsRow, FormSectorRow
from assets.reports.words import wording
from assets.reports.words.annexes import MOST_PRINTED, annexes
from assets.reports.words.claim_texts import claim_texts
from assets.reports.words.finding_rows import with_texts
from assets.reports.words.form_texts import FormWords, sector_name
from assets.reports.words.point import Point
from assets.reports.words.points import form_lines, has_total, point_texts
from assets.reports.words.sealed_words import SealedWords
from assets.reports.words.shortcomings import edited_texts, shortcomings


def context(figures: Figures, words: FormWords) -> dict[str, Any]:
    """Returns names that a template may use, docs/report.md lists them: texts, and lists of rows of texts."""
    sectors, claimed = unit_sectors(figures), claim_texts(figures)
    request, sums = figures.request, total(figures.form)
    points = point_texts(figures, words)
    listed = {
        annex.name: {"title": annex.title, "rows": annex.rows, "count": annex.count, "note": annex.note}
        for annex in annexes(figures, words, MOST_PRINTED)
    }
    return {
        "unit": words.unit_within(figures),
        "date_from": words.day(request.date_from),
        "date_to": words.day(request.date_to),
        "counted_to": words.day(figures.counted_to),
        "counted_said": wording.counted_to(figures),
        "period": words.period(figures),
        "known": wording.known(figures),
        "covered": words.day(figures.covered_through),
        "rule_set": request.rule_set,
        "rules": wording.rules(figures),
        "notes": _notes(figures, words),
        "sentence": wording.inspection_sentence(figures),
        "line": _line(figures, words),
        "total": {name: words.number(number(sums, name)) for name in COUNTS} | {"timely": words.timely(sums)},
        "online_share": words.percent(sums["received_online"], intake(sums)),
        "form": [_form_row(n, row["unit_name"], row, words) for n, row in enumerate(figures.form, 1)],
        "fields": _sectors(sectors, words),
        "months": _months(figures, words),
        "comparison": _comparison(figures, words),
        "targets": _targets(points["targets"]),
        "shortcomings": shortcomings(figures, words),
        "form_lines": form_lines(figures, words),
        "points": {name: _point(name, point) for name, point in points.items()},
        "annexes": listed,
        "edited": edited_texts(figures, words),
        # of the annexes, as templates of offices have named them from the beginning
        "late": listed["late"]["rows"],
        "late_count": listed["late"]["count"],
        "late_note": _some(figures.listed("late"), words),
        "overdue": listed["overdue"]["rows"],
        "overdue_count": listed["overdue"]["count"],
        "overdue_note": _some(figures.listed("overdue"), words),
        "claims": claims(claimed.rows, words),
        "claim_checks": list(claimed.checks),
        "findings": findings(with_texts(figures.findings, SealedWords(words.lang)), words),
    }


def _point(name: str, point: Point) -> dict[str, Any]:
    """Returns what a template names of a point: `lines` and `total` are its `rows` apart, where the last is a sum."""
    lines, total_row = (point.rows[:-1], point.rows[-1]) if has_total(name, point) else (point.rows, None)
    return {"text": point.text, "rows": point.rows, "lines": lines, "total": total_row}


def claims(rows: Sequence[Mapping[str, Any]], words: FormWords) -> list[dict[str, str]]:
    """Returns what is claimed next to what is recomputed.

    Rows: claim, unit_name, period, claimed, recomputed, difference, definition_vi.
    """
    return [_written(row, words) for row in rows]


def findings(rows: Sequence[Mapping[str, Any]], words: FormWords) -> list[dict[str, str]]:
    """Returns findings and remedies.

    Rows: inspection, unit_name, finding, measure, due_on, before_value, after_value, state …
    """
    return [_written(row, words) for row in rows]


def _written(row: Mapping[str, Any], words: FormWords) -> dict[str, str]:
    """Returns numbers and days as the language writes them, nothing as a dash."""

    def write(value: Any) -> str:
        if value is None:
            return "–"
        if isinstance(value, int):
            return words.number(value)
        return words.day(value) if hasattr(value, "year") else str(value)

    # As the row itself writes it, where it does: a share is no count.
    return {
        name: row.get(f"{name.removesuffix('_value')}_text") or write(value) for name, value in row.items()
    }


def _notes(figures: Figures, words: FormWords) -> list[str]:
    view = wording.unit_view(figures)
    return [*wording.warnings(figures), *([view] if view else [])]


def _line(figures: Figures, words: FormWords) -> dict[str, Any]:
    line = figures.line
    untimed = line["resolved"] - line["early_or_on_time"] - line["late"]
    return {
        "is_any": any(line.values()),
        "received": words.number(line["received"]),
        "resolved": words.number(line["resolved"]),
        "resolved_share": words.percent(line["resolved"], line["received"]),
        "timely": words.number(line["early_or_on_time"]),
        "timely_share": words.percent(line["early_or_on_time"], line["resolved"]),
        "late": words.number(line["late"]),
        "overdue_open": words.number(line["overdue_open"]),
        # What an inspection report is asked for, and what stands between its figures.
        "not_timely": words.number(line["resolved"] - line["early_or_on_time"]),
        "untimed_said": words.say("template.untimed_said", count=words.number(untimed)) if untimed else "",
    }


def _form_row(place: int, name: str, row: CountsRow, words: FormWords) -> dict[str, str]:
    written = {count: words.number(number(row, count)) for count in COUNTS}
    return {"place": str(place), "name": name, "timely": words.timely(row)} | written


def _sectors(sectors: Sequence[FormSectorRow], words: FormWords) -> list[dict[str, str]]:
    """By sector, whatever the level."""
    names = dict.fromkeys(row["field_name"] for row in whatever_the_level(sectors))
    return [
        _form_row(
            n,
            sector_name(name, words),
            total(row for row in sectors if row["field_name"] == name),
            words,
        )
        for n, name in enumerate(names, 1)
    ]


def _months(figures: Figures, words: FormWords) -> list[dict[str, str]]:
    """Returns overdue stock and flow by reporting month, as far as the period goes."""
    months = []
    for _, days in groupby(figures.days, key=lambda row: row["reporting_month"]):
        rows = list(days)
        months.append(
            {
                "days": f"{words.day(rows[0]['date'])} – {words.day(rows[-1]['date'])}",
                "newly_overdue": words.number(sum(row["newly_overdue"] for row in rows)),
                "overdue_cleared": words.number(sum(row["overdue_cleared"] for row in rows)),
                "overdue_open": words.number(rows[-1]["overdue_open"]),
                "pending": words.number(rows[-1]["pending"]),
            }
        )
    return months


def _comparison(figures: Figures, words: FormWords) -> dict[str, Any]:
    """Returns `how` the former period was chosen, a `note` on it, and `rows`; none where it is not covered at all."""
    now, former = (
        next(row for row in figures.comparison if row["is_former"] is is_former)
        for is_former in (False, True)
    )
    first = former["first_on"]
    if first is None:
        note = words.say("comparison.nothing")
    elif first > former["date_to"]:
        note = words.say("comparison.none", first=words.day(first))
    else:
        note = words.say("comparison.partly", first=words.day(first)) if first > former["date_from"] else ""
        if any(row.get("is_estimate") for row in figures.form):
            note = f"{note} {words.say('comparison.divided')}".strip()
    can_compare = first is not None and first <= former["date_to"]
    rows = _compared(now, former, words) if can_compare else []
    return {"how": _former_period(figures, former, words), "note": note, "rows": rows}


def _former_period(figures: Figures, former: ComparisonRow, words: FormWords) -> str:
    days = words.say(
        "comparison.days", start=words.day(former["date_from"]), end=words.day(former["date_to"])
    )
    calendar, label = figures.period["calendar"], figures.period["former_label_vi"]
    if calendar is None or label is None:
        count = (former["date_to"] - former["date_from"]).days + 1
        return words.say("comparison.same_length", count=words.number(count), former=days)
    named = days if words.is_english else label.removeprefix("Kỳ báo cáo: ")
    return words.say(
        "comparison.named" if calendar == "reporting" else "comparison.named_calendar", former=named
    )


def _compared(now: ComparisonRow, former: ComparisonRow, words: FormWords) -> list[dict[str, str]]:
    def counted(name: str, now_count: int, other: int) -> dict[str, str]:
        return {
            "name": words.say(f"comparison.{name}"),
            "now": words.number(now_count),
            "former": words.number(other),
            "difference": words.signed(now_count - other),
        }

    def shared(name: str, parts: tuple[int, int], wholes: tuple[int, int]) -> dict[str, str]:
        return {
            "name": words.say(f"comparison.{name}"),
            "now": words.percent(parts[0], wholes[0]),
            "former": words.percent(parts[1], wholes[1]),
            "difference": words.points(_tenths(parts[0], wholes[0]) - _tenths(parts[1], wholes[1]))
            if all(wholes)
            else "–",
        }

    timely = tuple(int(row["resolved_early"] + row["resolved_on_time"]) for row in (now, former))
    names = ("carried_over", "resolved_total", "resolved_late", "pending_total", "pending_overdue")
    return [
        counted("received_new", intake(now), intake(former)),
        *(counted(name, number(now, name), number(former, name)) for name in names),
        shared("timely", (timely[0], timely[1]), (now["resolved_total"], former["resolved_total"])),
        shared(
            "online",
            (now["received_online"], former["received_online"]),
            (intake(now), intake(former)),
        ),
    ]


def _tenths(part: int, whole: int) -> int:
    """Returns a share in tenths of a percent, rounded half up."""
    return (2000 * part + whole) // (2 * whole)


def _targets(point: Point) -> dict[str, Any]:
    """Returns a `line` on how they are measured, and `rows`, by the names that templates have for them."""
    names = {
        "name": "unit",
        "indicator": "indicator",
        "target": "assigned",
        "reached": "value",
        "state": "state",
    }
    return {
        "line": point.text,
        "rows": [{name: row[column] for name, column in names.items()} for row in point.rows],
    }


def _some(count: int, words: FormWords) -> str:
    return words.say("template.annex_some", count=MOST_PRINTED) if count > MOST_PRINTED else ""
