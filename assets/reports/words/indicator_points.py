"""The indicators of QĐ 766 in words: what each comes to, units by rank, what can't be had, and what each rule set makes
of the period."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from assets.reports.reading.figures import CURRENT, VIETNAMESE, Figures
from assets.reports.statements.rows import DefinitionRow, IndicatorRow
from assets.reports.words.form_texts import FormWords, texts
from assets.reports.words.point import Point

#: So many units stand in the table by rank; the workbook has all.
MOST_RANKED = 20
#: What units are ranked by, in the order of the decision; the average time (2.2) is shown of all units only.
RANKED = ("2.1", "3.3", "3.6", "4.1", "4.2", "4.3", "4.5b")
INDICATOR_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "indicators": ("indicator", "counted", "value", "target", "score"),
    "indicator_units": ("unit", *(f"of_{code.replace('.', '_')}" for code in RANKED)),
    "indicator_gaps": ("indicator", "why"),
    "definitions": ("rule_set", "timed", "in_time", "late", "overdue", "value", "moves"),
    "targets": ("unit", "indicator", "assigned", "value", "state"),
}

#: Columns of these tables that hold words; the others hold figures.
WORD_COLUMNS = frozenset(
    ("unit", "indicator", "why", "rule_set", "state", "item", "answer", "former", "note")
)


def indicator_points(figures: Figures, words: FormWords) -> dict[str, Point]:
    """Returns them by the names of INDICATOR_COLUMNS."""
    return {
        "indicators": _indicators(figures, words),
        "indicator_units": _units(figures, words),
        "indicator_gaps": _gaps(figures, words),
        "definitions": _definitions(figures, words),
        "targets": _targets(figures, words),
    }


def title(row: IndicatorRow, words: FormWords) -> str:
    """Returns code and name of an indicator."""
    return f"{row['code']} {row['title_vi'] if words.lang == VIETNAMESE else row['title_en']}"


def value_text(row: IndicatorRow, words: FormWords) -> str:
    """Returns the share, or the days, or a dash where nothing can be measured."""
    if row["value"] is None or row["numerator"] is None or row["denominator"] is None:
        return "–"
    if row["is_share"]:
        return words.percent(int(row["numerator"]), int(row["denominator"]))
    return words.say("indicators.days", count=words.tenths(round(row["value"] * 10)))


def score_text(row: IndicatorRow, words: FormWords) -> str:
    """Returns points reached and points at best; a dash for what is not scored."""
    if not row["max_score"]:
        return "–"
    reached = "–" if row["score"] is None else _points(row["score"], words)
    return f"{reached}/{_points(row['max_score'], words)}"


def rule_set_title(row: DefinitionRow, words: FormWords) -> str:
    """Returns the name of a rule set, and the word that commands have for it."""
    return f"{row['title_vi'] if words.lang == VIETNAMESE else row['title_en']} ({row['rule_set']})"


def moves_text(row: DefinitionRow, words: FormWords) -> str:
    """Returns how far the share lies from the one by which the form counts."""
    return "–" if row["moves"] is None else words.points(round(row["moves"] * 10))


def share_text(share: Decimal | None, words: FormWords) -> str:
    """Returns a share of 1 as per cent, or a dash."""
    return "–" if share is None else words.percent(round(share * 1000), 1000)


def reason(row: IndicatorRow, words: FormWords) -> str:
    """Returns why there is no figure, or what of the formula is only approximated; empty where it is the formula's."""
    is_vietnamese = words.lang == VIETNAMESE
    attribute = row["attribute_vi"] if is_vietnamese else row["attribute_en"]
    approximation = row["approximation_vi"] if is_vietnamese else row["approximation_en"]
    gap = row["catalogue_gap_vi"] if is_vietnamese else row["catalogue_gap_en"]
    sentences = []
    if row["denominator"] is None:
        sentences.append(words.say("indicators.unsaid", attribute=attribute))
    elif row["denominator"] == 0:
        sentences.append(words.say("indicators.nothing"))
    elif row["unknown_count"]:
        count = words.number(row["unknown_count"])
        sentences.append(words.say("indicators.unknown", attribute=attribute, count=count))
    if row["denominator"] and approximation:
        sentences.append(approximation)
    if row["has_catalogue_gap"] and gap:
        sentences.append(gap)
    return " ".join(sentences)


def of_all(figures: Figures) -> Sequence[IndicatorRow]:
    """Returns the indicators of all units of the report together."""
    return [row for row in figures.indicators if row["is_all"]]


def _indicators(figures: Figures, words: FormWords) -> Point:
    rows = of_all(figures)
    scored = [row for row in rows if row["max_score"]]
    have = [(row["score"], row["max_score"]) for row in scored if row["score"] is not None]
    text = words.say(
        "indicators.text",
        score=_points(sum((score for score, _ in have), Decimal()), words),
        most=_points(sum((most for _, most in have), Decimal()), words),
        count=words.number(len(have)),
        of=words.number(len(scored)),
    )
    return Point(text, [_indicator(row, words) for row in rows])


def _indicator(row: IndicatorRow, words: FormWords) -> Mapping[str, str]:
    counted = "–"
    if row["denominator"] is not None and row["numerator"] is not None:
        whole = words.number(int(row["denominator"]))
        counted = f"{words.number(int(row['numerator']))}/{whole}" if row["is_share"] else whole
    return {
        "indicator": title(row, words),
        "counted": counted,
        "value": value_text(row, words),
        "target": share_text(row["target"], words),
        "score": score_text(row, words),
    }


def _points(value: Decimal, words: FormWords) -> str:
    return words.decimal(round(value * 100))


def _units(figures: Figures, words: FormWords) -> Point:
    """Units by their rank in 2.1, each share with its rank."""
    by_unit: dict[str, dict[str, IndicatorRow]] = {}
    for row in figures.indicators:
        if not row["is_all"]:
            by_unit.setdefault(row["unit_name"] or words.say("points.divided"), {})[row["code"]] = row
    ordered = sorted(by_unit.items(), key=lambda unit: _order(unit[1].get(RANKED[0]), unit[0]))
    rows = [
        {
            "unit": name,
            **{
                column: _ranked(of_unit.get(code), words)
                for column, code in zip(INDICATOR_COLUMNS["indicator_units"][1:], RANKED, strict=True)
            },
        }
        for name, of_unit in ordered[:MOST_RANKED]
    ]
    if not rows:
        return Point("")
    ranked = max(row["ranked_count"] for row in figures.indicators)
    text = words.say("indicators.ranked", count=words.number(ranked))
    if figures.request.unit_view == CURRENT:
        text = f"{text} {words.say('indicators.ranked_current')}"
    if len(ordered) > MOST_RANKED:
        rest = words.number(len(ordered) - MOST_RANKED)
        sheet = words.say("lists.indicators_sheet")
        text = f"{text} {words.say('indicators.rest', count=rest, sheet=sheet)}"
    return Point(text, rows)


def _order(row: IndicatorRow | None, name: str) -> tuple[Decimal, str]:
    value = row["value"] if row else None
    return (Decimal(1) if value is None else -value, name)


def _ranked(row: IndicatorRow | None, words: FormWords) -> str:
    if row is None or row["value"] is None:
        return "–"
    rank = "" if row["rank"] is None else f" ({words.number(row['rank'])})"
    return value_text(row, words) + rank


def _gaps(figures: Figures, words: FormWords) -> Point:
    """What is only approximated or can't be had, with why; last what no export of dossiers holds."""
    rows = [
        {"indicator": title(row, words), "why": why} for row in of_all(figures) if (why := reason(row, words))
    ]
    for name, why in texts(words.lang)["indicators"]["missing"]:
        rows.append({"indicator": name, "why": why})
    return Point(words.say("indicators.gaps"), rows)


def _definitions(figures: Figures, words: FormWords) -> Point:
    return Point(
        words.say("indicators.definitions"), [_definition(row, words) for row in figures.definitions]
    )


def _definition(row: DefinitionRow, words: FormWords) -> Mapping[str, str]:
    return {
        "rule_set": rule_set_title(row, words),
        "timed": words.number(row["resolved_timed"]),
        "in_time": words.number(row["resolved_in_time"]),
        "late": words.number(row["resolved_late"]),
        "overdue": words.number(row["pending_overdue"]),
        "value": words.percent(row["resolved_in_time"], row["resolved_timed"]),
        "moves": moves_text(row, words),
    }


def _targets(figures: Figures, words: FormWords) -> Point:
    """Targets of the reporting year next to what was reached, and on how they are measured."""
    rows = []
    for row in figures.targets:
        state = {True: "reached", False: "not_reached", None: "nothing"}[row["is_on_course"]]
        name = row["title_vi"] if words.lang == VIETNAMESE else row["title_en"]
        rows.append(
            {
                "unit": row["unit_name"] if row["unit_code"] != "all" else words.say("targets.all"),
                "indicator": f"{row['indicator']} {name}" if row["indicator"][0].isdigit() else name,
                "assigned": share_text(row["target"], words),
                "value": share_text(row["reached"], words),
                "state": words.say(f"targets.{state}"),
            }
        )
    if figures.request.known_at:
        text = words.say("targets.past")
    elif rows:
        start = words.day(figures.targets[0]["date_from"])
        text = words.say("targets.line", start=start, end=words.day(figures.counted_to))
    else:
        text = words.say("template.no_targets")
    return Point(text, rows)
