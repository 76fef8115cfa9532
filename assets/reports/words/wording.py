"""Sentences and headings of reports: form II.06, rule sets, warnings, and the line of an inspection."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from itertools import groupby
from typing import Any, cast

from assets.given.vietnamese import instant
from assets.reports.reading.by_sector import disagreeing_units, unit_sectors
from assets.reports.reading.figures import CURRENT, VIETNAMESE, Figures
from assets.reports.statements.listed_rows import EditedRow, LateRow, OpenListRow, OverdueRow
from assets.reports.statements.queries import number
from assets.reports.words.texts import Manner, texts
from quality.catalogue import load_rules

# The form is Vietnamese in every report.
_OFFICIAL = texts(VIETNAMESE)["official_form"]
TITLE: str = _OFFICIAL["title"]
STAMP: str = _OFFICIAL["stamp"]
#: At most so many days of a feed are named one by one; ops.feed_day has all.
MOST_DAYS = 5

_COLUMNS_OF = {
    "received": ("received_total", "received_online", "received_direct_postal", "carried_over"),
    "resolved": ("resolved_total", "resolved_early", "resolved_on_time", "resolved_late"),
    "pending": ("pending_total", "pending_in_time", "pending_overdue"),
}
#: Groups of columns of the form, each with its columns: (figure, heading).
FORM_GROUPS: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = tuple(
    (_OFFICIAL["groups"][group], tuple((name, _OFFICIAL["columns"][name]) for name in names))
    for group, names in _COLUMNS_OF.items()
)
FORM_COLUMNS = tuple(column for _, columns in FORM_GROUPS for column in columns)
# A total and the columns that make it up, as they are numbered on the form.
_FORM_SUMS = (
    ("received_total", ("received_online", "received_direct_postal", "carried_over")),
    ("resolved_total", ("resolved_early", "resolved_on_time", "resolved_late")),
    ("pending_total", ("pending_in_time", "pending_overdue")),
)
FORM_BALANCE = ("received_total", ("resolved_total", "pending_total"))

EDITED_KINDS: dict[str, str] = texts(VIETNAMESE)["edited"]["kinds"]
PORTAL_KINDS: dict[str, str] = texts(VIETNAMESE)["portal"]["kinds"]

KINDS_OF_UNITS = ("Thị xã", "Thị trấn", "Thành phố", "Tỉnh", "Huyện", "Quận", "Phường", "Xã", "Đặc khu")
_PARTS = ("Xã", "Phường", "Thị trấn")
_MOST_NAMED = 5


def _texts_and_manner(figures: Figures) -> tuple[dict[str, Any], Manner]:
    return texts(figures.request.lang), Manner(figures.request.lang)


def period(figures: Figures) -> str:
    """Returns the line of the period."""
    t, m = _texts_and_manner(figures)
    request = figures.request
    line = str(t["period"]).format(start=m.day(request.date_from), end=m.day(request.date_to))
    return line + counted_to(figures)


def counted_to(figures: Figures, lang: str | None = None) -> str:
    """Through which day figures are counted, to be added to a period; empty where that is its end."""
    if figures.counted_to == figures.request.date_to:
        return ""
    lang = lang or figures.request.lang
    return str(texts(lang)["counted_to"]).format(day=Manner(lang).day(figures.counted_to))


def known(figures: Figures) -> str:
    """As of which moment of knowledge the figures are."""
    t, m = _texts_and_manner(figures)
    if figures.request.known_at:
        return str(t["known"]["then"]).format(moment=m.exact_instant(figures.request.known_at))
    return str(t["known"]["now"]).format(moment=m.instant(figures.last_exported_at))


def unit_view(figures: Figures) -> str:
    """By which list of units the form counts; nothing to say where it is by the units as received."""
    if figures.request.unit_view != CURRENT:
        return ""
    words = texts(figures.request.lang)["unit_view"]
    return " ".join(
        [words["current"], *([words["estimate"]] if any(row["is_estimate"] for row in figures.form) else [])]
    )


def units(figures: Figures) -> str:
    """Returns the chosen units, within a sentence."""
    words, named = (
        texts(figures.request.lang)["units"],
        [within(row["unit_name"]) for row in figures.asked_units],
    )
    if not named:
        return str(words["every"])
    if len(named) > _MOST_NAMED:
        return str(words["many"]).format(count=len(named), names=", ".join(named[:_MOST_NAMED]))
    return str(words["named"]).format(names=", ".join(named) + with_parts(figures))


def with_parts(figures: Figures) -> str:
    """Returns what is counted with the units asked for: " và các xã, phường"; nothing where they have no parts."""
    if not any(row["level"] in ("district", "province") for row in figures.asked_units):
        return ""
    names = [row["unit_name"] for row in figures.form]
    words = texts(figures.request.lang)["units"]
    kinds = [
        str(words["kinds"][n])
        for n, kind in enumerate(_PARTS)
        if any(name.startswith(kind) for name in names)
    ]
    return str(words["parts"]).format(parts=_listed(kinds, words["and"])) if kinds else ""


def _listed(names: Sequence[str], last: str) -> str:
    return last.join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else "".join(names)


def within(name: str) -> str:
    """Returns a unit as it is written within a sentence: phường Nhơn Hưng."""
    return name[0].lower() + name[1:] if name.startswith(KINDS_OF_UNITS) else name


def kind_within(name: str) -> str:
    """Returns a kind within a sentence; what begins with a portal's name keeps its capital."""
    return name if name.startswith("Cổng") else _lower(name)


def inspection_sentence(figures: Figures) -> str:
    """Returns the sentence of an inspection report."""
    return inspection_pattern(figures).format(
        units=units(figures), **{name: str(value) for name, value in inspection_figures(figures).items()}
    )


def inspection_pattern(figures: Figures) -> str:
    """Returns the sentence with {units} and the names of `inspection_figures` still open."""
    t, m = _texts_and_manner(figures)
    opened = {name: f"{{{name}}}" for name in ("units", *inspection_figures(figures))}
    opened |= {"start": m.day(figures.request.date_from), "end": m.day(_end(figures))}
    return str(t["sentence"]).format(**opened)


def sentence_note(figures: Figures) -> str:
    """Returns the footnote of the sentence: the rule set by which it counts."""
    t, rule = texts(figures.request.lang), cast(Mapping[str, Any], figures.rule_set)
    return str(t["sentence_note"]).format(
        rule_set=figures.request.rule_set, title=rule[f"title_{figures.request.lang}"]
    )


def _end(figures: Figures) -> date:
    """Returns the end of a period within a sentence; one that begins after the horizon keeps its own."""
    request = figures.request
    return figures.counted_to if figures.counted_to >= request.date_from else request.date_to


def inspection_figures(figures: Figures) -> dict[str, str]:
    """Returns the figures of the sentence as they are written."""
    t, m = _texts_and_manner(figures)
    line = figures.line
    untimed = line["resolved"] - line["early_or_on_time"] - line["late"]
    return {
        "received": m.number(line["received"]),
        "resolved": m.number(line["resolved"]),
        "share": m.percent(line["resolved"], line["received"]),
        "timely": m.number(line["early_or_on_time"]),
        "late": m.number(line["late"]),
        "withdrawn": str(t["withdrawn"]).format(count=m.number(untimed)) if untimed else "",
        "overdue": m.number(line["overdue_open"]),
    }


def lateness(row: LateRow | OverdueRow, lang: str = VIETNAMESE) -> str:
    """By how much a dossier is late."""
    days, words = row["working_days_late"], texts(lang)["lateness"]
    if days is None:
        return ""
    return str(words["days"]).format(days=Manner(lang).number(days)) if days > 0 else str(words["less"])


def last_desk(row: OverdueRow) -> str:
    """Returns office and function that had a dossier last."""
    return ", ".join(part for part in (row["department"], row["position"]) if part)


def warnings(figures: Figures) -> Sequence[str]:
    """Returns what a reader must know before the figures."""
    t, m = _texts_and_manner(figures)
    words, covered, warnings = t["warnings"], figures.covered_through, []
    if covered is None:
        warnings.append(words["nothing"])
    elif covered < figures.request.date_to:
        warnings.append(words["not_yet"].format(covered=m.day(covered), end=m.day(figures.request.date_to)))
    if incomplete := incomplete_feeds(figures):
        warnings.append(incomplete)
    return [*warnings, *check_warnings(figures)]


def check_warnings(figures: Figures) -> list[str]:
    """Returns what of the forms does not add up: which sum, at which units."""
    t, m = _texts_and_manner(figures)
    words = t["warnings"]

    def some(names: Sequence[str]) -> str:
        more = (
            words["more"].format(count=m.number(len(names) - _MOST_NAMED)) if len(names) > _MOST_NAMED else ""
        )
        return ", ".join(names[:_MOST_NAMED]) + more

    warnings = [
        str(words["unbalanced"]).format(sum=broken, names=some(names))
        for broken, names in broken_sums(figures)
    ]
    if names := disagreeing_units(figures, unit_sectors(figures)):
        warnings.append(str(words["sectors"]).format(names=some(names)))
    return warnings


def broken_sums(figures: Figures) -> list[tuple[str, list[str]]]:
    """Sums of the form that do not hold, by the numbers of their columns, each with the units at which they do not."""
    numbers = {name: n for n, (name, _) in enumerate(FORM_COLUMNS, start=1)}
    broken = []
    for whole, parts in (*form_sums(figures), FORM_BALANCE):
        names = [row["unit_name"] for row in figures.form if difference(row, whole, parts)]
        if names:
            broken.append((f"{numbers[whole]} = {' + '.join(str(numbers[part]) for part in parts)}", names))
    return broken


def incomplete_feeds(figures: Figures) -> str:
    """Returns the export days of the period that figures rest on and that are not complete; empty when all are."""
    t, m = _texts_and_manner(figures)
    words, parts = t["feeds"], []
    for (source, status), rows in groupby(
        sorted(figures.feeds, key=lambda row: (row["source"], row["status"], row["day"])),
        key=lambda row: (row["source"], row["status"]),
    ):
        days = [m.day(row["day"]) for row in rows]
        more = (
            words["more"].format(count=m.number(len(days) - MOST_DAYS), last=days[-1])
            if len(days) > MOST_DAYS
            else ""
        )
        named = ", ".join(days[:MOST_DAYS]) + more
        parts.append(words["days"].format(source=source, status=words["status"][status], days=named))
    return str(words["sentence"]).format(parts="; ".join(parts)) if parts else ""


def difference(row: Mapping[str, object], whole: str, parts: Sequence[str]) -> int:
    """Returns a total less the columns that make it up: 0 when they agree."""
    return number(row, whole) - sum(number(row, part) for part in parts)


def form_sums(figures: Figures) -> Sequence[tuple[str, Sequence[str]]]:
    """Returns totals of the form and what makes them up; under some rule sets what is withdrawn is resolved, not
    timed.
    """
    return [
        sum_of_parts
        for sum_of_parts in _FORM_SUMS
        if sum_of_parts[0] != "resolved_total" or figures.rule_set["times_all"]
    ]


def form_checks(figures: Figures) -> str:
    """Returns the same sums by the numbers of their columns."""
    words = texts(figures.request.lang)["form"]
    return str(words["checks" if figures.rule_set["times_all"] else "checks_untimed"])


def unbalanced(figures: Figures) -> str:
    """Returns how many units' rows do not add up, over all sums of the form."""
    t, m = _texts_and_manner(figures)
    sums = (*form_sums(figures), FORM_BALANCE)
    count = sum(any(difference(row, *sum_of_parts) for sum_of_parts in sums) for row in figures.form)
    if count:
        return str(t["form"]["unbalanced"]).format(count=m.number(count))
    return str(t["form"]["balanced"]).format(checks=form_checks(figures))


def edited_before(row: EditedRow, lang: str, write: Callable[[Any], str] = instant) -> str:
    """Returns what stood before a change."""
    status = row["old_status_vi"] if lang == VIETNAMESE else row["old_status_en"]
    return write(row["old_value"]) if row["old_value"] else status or "–"


def edited_after(row: EditedRow, lang: str, write: Callable[[Any], str] = instant) -> str:
    """Returns what stands after it."""
    status = row["new_status_vi"] if lang == VIETNAMESE else row["new_status_en"]
    return write(row["new_value"]) if row["new_value"] else status or "–"


def status_name(row: OpenListRow, lang: str) -> str:
    """Returns the status of a listed dossier."""
    return (row["status_name_vi"] if lang == VIETNAMESE else row["status_name_en"]) or "–"


def source_name(figures: Figures, source: str) -> str:
    """Returns what people call a source, in the language of the report."""
    names = {
        row["source"]: row["title_vi"] if figures.request.lang == VIETNAMESE else row["title_en"]
        for row in figures.sources
    }
    return names.get(source, source)


def rule_summary(rule_id: str, lang: str = VIETNAMESE) -> str:
    """Returns what is wrong with a quarantined row, without what to do about it."""
    messages = {rule.id: rule.summary_vi if lang == VIETNAMESE else rule.message_en for rule in load_rules()}
    return messages.get(rule_id, "").split(";")[0]


def rules(figures: Figures) -> str:
    """Returns the rule set of the report in words of its language, as core.rule_set has them."""
    rule, lang = cast(Mapping[str, Any], figures.rule_set), figures.request.lang
    parts = ("without_due", "withdrawn", "waiting", "paying", "stopped")
    return str(texts(lang)["rules"]["sentence"]).format(
        title=rule[f"title_{lang}"],
        compares=rule[f"compares_{lang}"],
        **{part: _lower(rule[f"{part}_{lang}"]) for part in parts},
    )


def _lower(sentence: str) -> str:
    return sentence[0].lower() + sentence[1:]
