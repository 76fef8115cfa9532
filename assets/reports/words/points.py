"""The points of an inspection in words: a sentence, and a short table by unit or procedure, the worst first."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from assets.reports.reading import points
from assets.reports.reading.by_sector import total
from assets.reports.reading.figures import Figures
from assets.reports.reading.points import Counted
from assets.reports.statements.listed_rows import CatalogueRow, DossierRow, PaperRow, PortalRow, StoppedRow
from assets.reports.statements.rows import CountsRow
from assets.reports.words import wording
from assets.reports.words.checklist_points import CHECKLIST_COLUMNS, checklist_points
from assets.reports.words.form_texts import FormWords
from assets.reports.words.indicator_points import INDICATOR_COLUMNS, indicator_points
from assets.reports.words.point import Point
from assets.reports.words.texts import texts

#: So many units or procedures stand in a table of their own; the rest stands together in one row.
MOST_NAMED = 10
#: Statuses of dossiers that are stopped or wait, as core.dim_status has them.
WAITS = (5, 6, 8)
#: Why a procedure is not in the catalogue as a dossier names it, the likeliest first.
REASONS = ("ended", "former_name", "unknown", "not_yet_valid", "not_named")
PAPERS = ("book", "identity")
_SHARES = (
    *(("online", "online", "received"), ("paid", "paid_online", "payment_stated")),
    *(("digitised", "digitised", "digitised_stated"), ("electronic", "electronic_result", "result_stated")),
)
_WAITS = tuple(f"waits_{status}" for status in WAITS)
#: Columns of the table of each point; headings are `point_columns` of the catalogue.
POINT_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "late": ("unit", "resolved", "late", "late_share", "overdue", "longest"),
    "stopped": ("unit", *_WAITS, "dossiers", "longest"),
    "hand_over": ("unit", "of_period", "before", "dossiers", "longest"),
    "served": ("unit", "received", *(name for name, _, _ in _SHARES)),
    "papers": ("unit", *PAPERS, "dossiers"),
    "paper_procedures": ("procedure", *PAPERS, "dossiers"),
    "portal": ("unit", *wording.PORTAL_KINDS, "dossiers"),
    "catalogue": ("procedure_code", "procedure", "reason", "dossiers"),
    **INDICATOR_COLUMNS,
    **CHECKLIST_COLUMNS,
}


def has_total(name: str, point: Point) -> bool:
    """Returns whether the last row of a point's table is the sum of those above it."""
    return len(point.rows) > 1 and name not in {*INDICATOR_COLUMNS, *CHECKLIST_COLUMNS}


def point_texts(figures: Figures, words: FormWords) -> dict[str, Point]:
    """Returns the points by the names of POINT_COLUMNS."""
    return {
        "late": _late(figures, words),
        "stopped": _stopped(figures, words),
        "hand_over": _hand_over(figures, words),
        "served": _served(figures, words),
        "papers": _papers(figures, words),
        "paper_procedures": _paper_procedures(figures, words),
        "portal": _portal(figures, words),
        "catalogue": _catalogue(figures, words),
        **indicator_points(figures, words),
        **checklist_points(figures, words),
    }


def procedure_name(row: DossierRow, words: FormWords) -> str:
    """Returns the name of the procedure of a listed dossier."""
    return points.procedure_of(row)[1] or words.say("points.unnamed_procedure")


def procedure_code(row: DossierRow) -> str:
    """Returns its code, empty where it is known by its name alone."""
    return points.procedure_of(row)[0]


def sector(row: DossierRow, words: FormWords) -> str:
    """Returns the sector of a listed dossier."""
    return row["field_name"] or words.say("form.without_sector")


def waits_for(row: StoppedRow, words: FormWords) -> str:
    """Returns what a stopped dossier waits for."""
    return words.say(f"points.waits_{row['status']}")


def papers_of(row: PaperRow) -> list[str]:
    """Returns which of PAPERS a dossier holds."""
    has = {"book": row["has_household_book"], "identity": row["has_identity_copy"]}
    return [name for name in PAPERS if has[name]]


def papers_written(row: PaperRow, words: FormWords) -> str:
    """Returns them in words."""
    return ", ".join(words.say(f"points.{name}_short") for name in papers_of(row))


def portal_states(row: PortalRow, side: str, words: FormWords) -> str:
    """Returns what one side, province or national, states where the portals differ."""
    status = row[f"{side}_status_{words.lang}"]  # type: ignore[literal-required]
    due = row["province_due_at"] if side == "province" else row["national_due_at"]
    return str(status or "") or (words.instant(due) if due else "–")


def reason(row: CatalogueRow, words: FormWords) -> str:
    """Returns why a procedure is not in the catalogue as the dossier names it."""
    ended = words.say("points.since", day=words.day(row["ended_on"])) if row["ended_on"] else ""
    return words.say(f"points.reason_{row['reason']}") + ended


def form_lines(figures: Figures, words: FormWords) -> list[str]:
    """Returns the "trong đó" lines below the form: of column 10 and of column 5."""
    stopped = points.stopped_in_time(figures)
    kinds = _kinds([(f"waits_{status}", stopped[status]) for status in WAITS], words)
    of_period, before = points.not_handed_over(figures)
    return [
        words.say(
            "points.form_stopped",
            count=words.number(stopped.total()),
            kinds=f" ({kinds})" if kinds else "",
        ),
        words.say(
            "points.form_hand_over",
            count=words.number(of_period),
            before=words.say("points.form_before", count=words.number(before)) if before else "",
        ),
    ]


def _kinds(kinds: Sequence[tuple[str, int]], words: FormWords) -> str:
    return "; ".join(f"{words.say(f'points.{name}')} {words.number(count)}" for name, count in kinds if count)


def _table(
    counts: Sequence[Counted],
    write: Callable[[Counted], Mapping[str, str]],
    words: FormWords,
    rest: str = "points.other_units",
) -> list[Mapping[str, str]]:
    """Returns the rows: the first of the counts by name, the others together, and all of them."""
    rows = [write(row) for row in counts[:MOST_NAMED]]
    width = len(counts[0].names) if counts else 0
    if others := counts[MOST_NAMED:]:
        rows.append(
            write(points.summed(others, _padded(words.say(rest, count=words.number(len(others))), width)))
        )
    if len(counts) > 1:
        rows.append(write(points.summed(counts, _padded(words.say("points.total"), width))))
    return rows


def _padded(name: str, width: int) -> tuple[str, ...]:
    """The last of several names is the one that is read."""
    return ("",) * (width - 1) + (name,)


def _end(figures: Figures, words: FormWords) -> str:
    return words.day(figures.counted_to)


def _days(days: int | None, words: FormWords) -> str:
    return "–" if days is None else words.number(days)


def _late(figures: Figures, words: FormWords) -> Point:
    """Both figures on lateness by unit: of the form, all channels."""
    sums = total(figures.form)
    longest = {
        row.names[0]: row.longest for row in points.counted(figures.counts_of("overdue"), points.unit_of)
    }

    def write(name: str, row: CountsRow, days: int | None) -> Mapping[str, str]:
        return {
            "unit": name,
            "resolved": words.number(row["resolved_total"]),
            "late": words.number(row["resolved_late"]),
            "late_share": words.percent(row["resolved_late"], row["resolved_total"]),
            "overdue": words.number(row["pending_overdue"]),
            "longest": _days(days, words),
        }

    text = words.say(
        "points.late",
        end=_end(figures, words),
        late=words.number(sums["resolved_late"]),
        share=words.percent(sums["resolved_late"], sums["resolved_total"]),
        overdue=words.number(sums["pending_overdue"]),
    )
    worst = sorted(
        figures.form, key=lambda row: (-row["pending_overdue"] - row["resolved_late"], row["unit_code"])
    )
    rows = [write(row["unit_name"], row, longest.get(row["unit_name"])) for row in worst[:MOST_NAMED]]
    if others := worst[MOST_NAMED:]:
        name = words.say("points.other_units", count=words.number(len(others)))
        days = [longest[row["unit_name"]] for row in others if row["unit_name"] in longest]
        rows.append(write(name, total(others), max((n for n in days if n is not None), default=None)))
    if len(worst) > 1:
        longest_of_all = max((days for days in longest.values() if days is not None), default=None)
        rows.append(write(words.say("points.total"), sums, longest_of_all))
    return Point(text, rows)


def _stopped(figures: Figures, words: FormWords) -> Point:
    counts, end = points.counted(figures.counts_of("stopped"), points.unit_of), _end(figures, words)
    if not counts:
        return Point(words.say("points.stopped_none", end=end))
    sums = points.summed(counts)
    kinds = [(f"waits_{status}", sums.kinds.get(str(status), 0)) for status in WAITS]
    overdue = sums.kinds.get(points.OVERDUE, 0)
    text = words.say(
        "points.stopped",
        end=end,
        count=words.number(sums.dossiers),
        kinds=_kinds(kinds, words),
        overdue=words.say("points.stopped_overdue", count=words.number(overdue)) if overdue else "",
        longest=_days(sums.longest, words),
    )

    def write(row: Counted) -> Mapping[str, str]:
        return {
            "unit": row.names[0],
            **{f"waits_{status}": words.number(row.kinds.get(str(status), 0)) for status in WAITS},
            "dossiers": words.number(row.dossiers),
            "longest": _days(row.longest, words),
        }

    return Point(text, _table(counts, write, words))


def _hand_over(figures: Figures, words: FormWords) -> Point:
    counts, end = points.counted(figures.counts_of("hand_over"), points.unit_of), _end(figures, words)
    if not counts:
        return Point(words.say("points.hand_over_none", end=end))
    of_period, before = points.not_handed_over(figures)
    text = words.say(
        "points.hand_over",
        end=end,
        count=words.number(of_period + before),
        of_period=words.number(of_period),
        before=words.number(before),
        longest=_days(points.summed(counts).longest, words),
    )

    def write(row: Counted) -> Mapping[str, str]:
        return {
            "unit": row.names[0],
            **{name: words.number(row.kinds.get(name, 0)) for name in ("of_period", "before")},
            "dossiers": words.number(row.dossiers),
            "longest": _days(row.longest, words),
        }

    return Point(text, _table(counts, write, words))


def _served(figures: Figures, words: FormWords) -> Point:
    units = points.served(figures)
    sums = {name: sum(counts[name] for _, counts in units) for name in points.SERVED}

    def shares(counts: Mapping[str, int]) -> dict[str, str]:
        return {name: words.percent(counts[part], counts[whole]) for name, part, whole in _SHARES}

    def write(name: str, counts: Mapping[str, int]) -> Mapping[str, str]:
        return {
            "unit": name or words.say("points.divided"),
            "received": words.number(counts["received"]),
            **shares(counts),
        }

    text = words.say(
        "points.served",
        received=words.number(sums["received"]),
        **{
            name: words.say(
                "points.share_of",
                part=words.number(sums[part]),
                whole=words.number(sums[whole]),
                share=words.percent(sums[part], sums[whole]),
            )
            for name, part, whole in _SHARES
        },
    )
    ordered = sorted(
        units,
        key=lambda unit: (
            unit[1]["received"] == 0,
            unit[1]["online"] / max(unit[1]["received"], 1),
            -unit[1]["received"],
        ),
    )
    rows = [write(name, counts) for name, counts in ordered]
    if len(units) > 1:
        rows.append(write(words.say("points.total"), sums))
    return Point(text, rows)


def _paper_row(row: Counted, words: FormWords) -> Mapping[str, str]:
    return {
        **{name: words.number(row.kinds.get(name, 0)) for name in PAPERS},
        "dossiers": words.number(row.dossiers),
    }


def _papers(figures: Figures, words: FormWords) -> Point:
    explained = str(texts(words.lang)["papers"]["explained"])
    counts = points.counted(figures.counts_of("papers"), points.unit_of)
    if not counts:
        return Point(f"{words.say('points.papers_none')} {explained}")
    sums = points.summed(counts)
    received = sum(row["received"] for row in figures.sections.received)
    text = words.say(
        "points.papers",
        count=words.number(sums.dossiers),
        share=words.percent(sums.dossiers, received),
        **{name: words.number(sums.kinds.get(name, 0)) for name in PAPERS},
    )
    table = _table(
        counts,
        lambda row: {"unit": row.names[0], **_paper_row(row, words)},
        words,
    )
    return Point(f"{text} {explained}", table)


def _paper_procedures(figures: Figures, words: FormWords) -> Point:
    counts = points.counted(figures.counts_of("papers"), points.procedure_of)
    table = _table(
        counts,
        lambda row: {"procedure": _procedure(row, words), **_paper_row(row, words)},
        words,
        "points.other_procedures",
    )
    return Point("", table)


def _procedure(row: Counted, words: FormWords) -> str:
    code, name = row.names
    name = name or words.say("points.unnamed_procedure")
    return f"{name} ({code})" if code else name


def _portal(figures: Figures, words: FormWords) -> Point:
    explained = str(texts(words.lang)["portal"]["explained"])
    counts = points.counted(figures.counts_of("portal"), points.unit_of)
    if not counts:
        return Point(str(texts(words.lang)["portal"]["nothing"]))
    sums = points.summed(counts)
    kinds = "; ".join(
        f"{wording.kind_within(words.kind(name))} {words.number(sums.kinds.get(name, 0))}"
        for name in wording.PORTAL_KINDS
        if sums.kinds.get(name, 0)
    )
    text = words.say("points.portal", count=words.number(sums.dossiers), kinds=kinds)

    def write(row: Counted) -> Mapping[str, str]:
        return {
            "unit": row.names[0],
            **{name: words.number(row.kinds.get(name, 0)) for name in wording.PORTAL_KINDS},
            "dossiers": words.number(row.dossiers),
        }

    return Point(f"{text} {explained}", _table(counts, write, words))


def _catalogue(figures: Figures, words: FormWords) -> Point:
    if figures.catalogue_from is None:
        return Point(words.say("points.catalogue_not_taken"))
    counts = points.counted(
        figures.counts_of("catalogue"), lambda row: (*points.procedure_of(row), row["kinds"][0])
    )
    if not counts:
        return Point(words.say("points.catalogue_none"))
    sums = points.summed(counts)
    kinds = [(f"reason_{name}", sums.kinds.get(name, 0)) for name in REASONS]
    text = words.say("points.catalogue", count=words.number(sums.dossiers), kinds=_kinds(kinds, words))

    def write(row: Counted) -> Mapping[str, str]:
        code, name, why = row.names
        is_sum = why not in REASONS
        return {
            "procedure_code": code,
            "procedure": why if is_sum else name or words.say("points.unnamed_procedure"),
            "reason": "" if is_sum else words.say(f"points.reason_{why}"),
            "dossiers": words.number(row.dossiers),
        }

    return Point(text, _table(counts, write, words, "points.other_procedures"))
