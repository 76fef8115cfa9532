"""What the figures of a report give cause to look at, in the words of its language: counts, never conclusions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from assets.reports.reading.by_sector import total, unit_sectors, whatever_the_level
from assets.reports.reading.figures import Figures
from assets.reports.reading.points import counted, summed, unit_of
from assets.reports.statements.queries import number
from assets.reports.statements.rows import CountsRow, ListCountRow
from assets.reports.words import wording
from assets.reports.words.form_texts import FormWords, sector_name
from assets.reports.words.indicator_points import of_all, share_text, value_text

_WORST = 3
# Who is to do something about a point where it is not the units, and the sheet that has its list.
_WHO = {"delays": "portals", "portal": "portals", "quarantine": "exporters", "feeds": "exporters"}
_SHEETS = {
    name: f"{name}_sheet"
    for name in (
        "overdue",
        "late",
        "stopped",
        "hand_over",
        "papers",
        "portal",
        "catalogue",
        "edited",
        "feeds",
    )
}


def shortcomings(figures: Figures, words: FormWords) -> list[dict[str, str]]:
    """Returns what the figures give cause to look at: its `name`, `text`, and `about` for the recommendation that
    answers it; `who` is to do what (`todo`), and the `sheet` of the workbook that has the list, empty where none has.
    """
    sums = total(figures.form)
    points: list[tuple[str, dict[str, str]]] = []
    if sums["pending_overdue"]:
        worst = _worst(figures.form, "pending_overdue", words)
        count = words.number(sums["pending_overdue"])
        end = words.day(figures.counted_to)
        points.append(
            (
                "overdue",
                {
                    "count": count,
                    "end": end,
                    "worst": worst,
                    "longest": _longest(figures, words),
                    "who": _most(figures.form, "pending_overdue"),
                },
            )
        )
    if sums["resolved_late"]:
        rows = whatever_the_level(unit_sectors(figures))
        by_sector = [{**row, "unit_name": sector_name(row["field_name"], words)} for row in rows]
        worst = _worst(by_sector, "resolved_late", words, "worst_sectors")
        share = words.percent(sums["resolved_late"], sums["resolved_total"])
        points.append(
            (
                "late",
                {
                    "count": words.number(sums["resolved_late"]),
                    "share": share,
                    "worst": worst,
                    "who": _most(figures.form, "resolved_late"),
                },
            )
        )
    if slow := _slowest(figures, words):
        points.append(("slow", {"names": slow, "share": words.timely(sums)}))
    online = next((row for row in of_all(figures) if row["code"] == "3.3"), None)
    if online and online["value"] is not None and online["target"] and online["value"] < online["target"]:
        aim = share_text(online["target"], words)
        points.append(("online", {"share": value_text(online, words), "aim": aim}))
    points += _waiting_and_papers(figures, words)
    points += _doubts(figures, words)
    return [
        {
            "name": name,
            "text": words.say(f"shortcomings.{name}", **values),
            "about": words.say(f"shortcomings.{name}_about"),
            "who": values.get("who") or _who(name, figures, words),
            "todo": words.say(f"todo.{name}"),
            "sheet": words.say(f"lists.{_SHEETS[name]}") if name in _SHEETS else "",
        }
        for name, values in points
    ]


def _who(name: str, figures: Figures, words: FormWords) -> str:
    who = _WHO.get(name, "units")
    return (
        figures.form[0]["unit_name"]
        if who == "units" and len(figures.form) == 1
        else words.say(f"todo.{who}")
    )


def _waiting_and_papers(figures: Figures, words: FormWords) -> Iterable[tuple[str, dict[str, str]]]:
    """Yields what lies, and what was asked for against the rules or under a procedure that is not in the catalogue."""
    for name in ("stopped", "hand_over"):
        if rows := figures.counts_of(name):
            longest = max(row["longest"] or 0 for row in rows)
            yield name, {**_where(rows, words), "days": words.number(longest)}
    for name in ("papers", "catalogue"):
        if rows := figures.counts_of(name):
            yield name, _where(rows, words)


def _where(rows: Sequence[ListCountRow], words: FormWords) -> dict[str, str]:
    """Returns how many dossiers there are and which units have most of them."""
    counts: Counter[str] = Counter()
    for row in rows:
        counts[row["unit_name"]] += row["listed"]
    units = [{"unit_name": name, "count": count} for name, count in sorted(counts.items())]
    return {
        "count": words.number(sum(row["dossiers"] for row in rows)),
        "worst": _worst(units, "count", words),
        "who": _most(units, "count"),
    }


def _doubts(figures: Figures, words: FormWords) -> Iterable[tuple[str, dict[str, str]]]:
    """Yields what speaks against the figures themselves."""
    if count := figures.listed("edited"):
        kinds = summed(counted(figures.counts_of("edited"), unit_of)).kinds
        yield (
            "edited",
            {
                "count": words.number(count),
                "rate": words.per_thousand(count, figures.received_ever),
                "kinds": _kinds([(name, kinds.get(name, 0)) for name in wording.EDITED_KINDS], words),
            },
        )
    if figures.delays:
        yield "delays", {"kinds": words.delays(figures)}
    portal = [
        (name, sum(number(row, name) for row in figures.sections.portal_cells))
        for name in wording.PORTAL_KINDS
    ]
    if any(count for _, count in portal):
        yield "portal", {"kinds": _kinds(portal, words)}
    if waiting := sum(row["row_count"] for row in figures.quarantine):
        yield "quarantine", {"count": words.number(waiting)}
    if figures.feeds:
        days = Counter(row["source"] for row in figures.feeds)
        named_kinds = "; ".join(
            words.say("shortcomings.feed_days", source=name, count=words.number(days[name]))
            for name in sorted(days)
        )
        yield "feeds", {"kinds": named_kinds}
    for named_kinds in wording.check_warnings(figures):
        yield "checks", {"sentence": named_kinds}


def _kinds(counted: Iterable[tuple[str, int]], words: FormWords) -> str:
    """Returns each kind with its count, as part of a sentence."""
    return "; ".join(
        words.say("shortcomings.kind", name=wording.kind_within(words.kind(name)), count=words.number(count))
        for name, count in counted
        if count
    )


def _worst(rows: Iterable[Mapping[str, Any]], name: str, words: FormWords, text: str = "worst") -> str:
    """Returns the units or sectors with the most, where there is more than one."""
    there = sorted((row for row in rows if row[name] > 0), key=lambda row: -row[name])
    if len(there) < 2:
        return ""
    named = [
        words.say(
            "shortcomings.worst_one", name=wording.within(row["unit_name"]), count=words.number(row[name])
        )
        for row in there
    ]
    return words.say(f"shortcomings.{text}", names=", ".join(named[:_WORST]))


def _most(rows: Iterable[Mapping[str, Any]], name: str) -> str:
    """Returns the units with the most."""
    there = sorted((row for row in rows if row[name] > 0), key=lambda row: -row[name])
    names = ", ".join(wording.within(row["unit_name"]) for row in there[:_WORST])
    return names[:1].upper() + names[1:]


def _longest(figures: Figures, words: FormWords) -> str:
    row = figures.overdue[0] if figures.overdue else None
    if row is None or not row["working_days_late"] or row["working_days_late"] < 1:
        return ""
    days = words.number(row["working_days_late"])
    return words.say("shortcomings.longest", days=days, code=row["dossier_code"])


def _slowest(figures: Figures, words: FormWords) -> str:
    """Returns units whose share on time is below that of all, the lowest first."""
    sums = total(figures.form)

    def timely(row: CountsRow) -> int:
        return int(row["resolved_early"] + row["resolved_on_time"])

    below = [
        row
        for row in figures.form
        if timely(row) * sums["resolved_total"] < timely(sums) * row["resolved_total"]
    ]
    below.sort(key=lambda row: (timely(row) / row["resolved_total"], row["unit_code"]))
    return ", ".join(
        words.say("shortcomings.worst_one", name=wording.within(row["unit_name"]), count=words.timely(row))
        for row in below[:_WORST]
    )


def edited_texts(figures: Figures, words: FormWords) -> list[str]:
    """Returns what was changed after the fact and what one portal stated later than the other, a sentence each."""
    written = [
        words.say(f"shortcomings.{name}", **values)
        for name, values in _doubts(figures, words)
        if name in ("edited", "delays")
    ]
    return written or [words.say("template.no_edited")]
