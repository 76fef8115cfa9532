"""The sealed issue: the report as a PDF of which the same figures give the same bytes, on every machine.

The compiler takes nothing but its own fonts, the template and what stands here; its date is that of the data.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime, time
from itertools import zip_longest
from pathlib import Path
from typing import Any

import typst

from assets.drawing import fonts
from assets.reports.charts import series
from assets.reports.reading.figures import Figures
from assets.reports.sealed import pdf_points
from assets.reports.sealed.pdf_text import showable
from assets.reports.statements.queries import number
from assets.reports.statements.rows import ContentRow
from assets.reports.words import wording
from assets.reports.words.claim_rows import claim_table
from assets.reports.words.finding_rows import finding_table
from assets.reports.words.form_texts import FormWords
from assets.reports.words.sealed_words import SealedWords
from warehouse_sql.vietnam_time import VIETNAM

_TEMPLATE = Path(__file__).with_name("templates") / "bao-cao.typ"
#: The template takes its charts from charts/.
_ROOT = Path(__file__).parents[1]
_NAMES = tuple(name for name, _ in wording.FORM_COLUMNS)


def render_pdf(figures: Figures) -> bytes:
    """Returns the PDF."""
    dated = document_date(figures)
    made: bytes = typst.compile(
        _TEMPLATE,
        root=_ROOT,
        font_paths=[fonts.FOLDER],
        format="pdf",
        ignore_system_fonts=True,  # or a machine's own fonts would change bytes
        sys_inputs={"data": json.dumps(showable(_data(figures, dated)), ensure_ascii=False)},
        timestamp=int(dated.timestamp()),
        pdf_standards=["a-2a", "ua-1"],  # to be kept for decades, and read by everybody
    )
    return made


def document_date(figures: Figures) -> datetime:
    """Returns the moment the report speaks of, in Vietnam's time: never the clock on the wall."""
    moment = figures.request.known_at or figures.last_exported_at
    if moment is None:
        moment = datetime.combine(figures.request.date_to, time(0), VIETNAM)
    return moment.astimezone(VIETNAM).replace(microsecond=0)


def _data(figures: Figures, dated: datetime) -> Mapping[str, Any]:
    words, form_words = SealedWords(figures.request.lang), FormWords(figures.request.lang)
    seal = figures.seal
    if seal is None:
        raise ValueError("figures without a seal can't be issued")
    return {
        "lang": words.lang,
        "mark": seal.mark,
        "short_id": seal.short_id,
        "dated": list(dated.astimezone(UTC).timetuple()[:6]),
        "title": words.say("title"),
        "period": _period(figures, words),
        "texts": words.texts,
        "basics": _basics(figures, words),
        "warnings": list(wording.warnings(figures)),
        "sentence": wording.inspection_sentence(figures),
        "tiles": _tiles(figures, words),
        "form": _form(figures, words),
        "timeliness": series.timeliness(figures.form, words),
        "overdue_days": series.overdue_days(figures.days, words),
        "claims": claim_table(figures, words),
        "findings": finding_table(figures, words),
        "points": pdf_points.points(figures, form_words),
        "annexes": pdf_points.listed(figures, form_words),
        "words": pdf_points.what_to_do(figures, form_words),
        "definitions": _definitions(figures, words),
        "sources": [_source(figures, row, words) for row in figures.contents],
        "quarantine": [
            words.say(
                "quarantine_row",
                source=row["source"],
                count=words.number(row["row_count"]),
                rule=row["rule_id"],
                summary=wording.rule_summary(row["rule_id"], figures.request.lang),
            )
            for row in figures.quarantine
        ],
        "seal": _seal(figures, words),
    }


def _period(figures: Figures, words: SealedWords) -> str:
    start, end = words.day(figures.request.date_from), words.day(figures.request.date_to)
    return words.say("period", start=start, end=end) + wording.counted_to(figures)


def _basics(figures: Figures, words: SealedWords) -> list[tuple[str, str]]:
    asked = ", ".join(f"{row['unit_name']} ({row['unit_code']})" for row in figures.asked_units)
    parts = wording.with_parts(figures)
    values = (
        asked + parts if asked else words.say("all_units"),
        figures.request.rule_set,
        wording.known(figures),
        words.day(figures.covered_through),
    )
    return list(zip(words.texts["basics"], values, strict=True))


def _tiles(figures: Figures, words: SealedWords) -> list[tuple[str, str, str, bool]]:
    """Returns heading, figure, what it is a share of, and whether it is one that ought to be small."""
    line = figures.line
    of_resolved = (
        words.say("of_resolved", share=words.percent(line[name], line["resolved"]))
        for name in ("early_or_on_time", "late")
    )
    below = (
        words.say("in_period"),
        words.say("of_received", share=words.percent(line["resolved"], line["received"])),
        *of_resolved,
        words.say("at_end", day=words.day(figures.counted_to)),
    )
    names = ("received", "resolved", "early_or_on_time", "late", "overdue_open")
    return [
        (heading, words.number(number(line, name)), below_tile, name in ("late", "overdue_open"))
        for heading, name, below_tile in zip(words.texts["tiles"], names, below, strict=True)
    ]


def _form(figures: Figures, words: SealedWords) -> Mapping[str, Any]:
    total = {name: sum(number(row, name) for row in figures.form) for name in _NAMES}
    warnings = wording.unbalanced(figures)
    return {
        "caption": words.say(
            "form_caption",
            stamp=wording.STAMP,
            period=_period(figures, words),
            rule_set=figures.request.rule_set,
        ),
        "groups": [
            (group, len(columns), below)
            for (group, columns), below in zip_longest(wording.FORM_GROUPS, words.texts["form_groups"])
        ],
        "heads": list(
            zip_longest((heading for _, heading in wording.FORM_COLUMNS), words.texts["form_heads"])
        ),
        "rows": [
            [row["unit_name"], *(words.number(number(row, name)) for name in _NAMES)] for row in figures.form
        ],
        "total": ["", words.say("total"), *(words.number(total[name]) for name in _NAMES)],
        "check": words.number(wording.difference(total, *wording.FORM_BALANCE)),
        "check_says": words.say("check_says", says=warnings),
    }


def _definitions(figures: Figures, words: SealedWords) -> list[tuple[str, str]]:
    rule_set = words.say("definition_rule_set", rule_set=figures.request.rule_set)
    view = wording.unit_view(figures)
    return [
        (rule_set, wording.rules(figures)),
        *map(tuple, words.texts["definition_terms"]),
        *((words.say("unit"), text) for text in [view] if text),
    ]


def _source(figures: Figures, row: ContentRow, words: SealedWords) -> list[str]:
    counts = map(words.number, (row["files_loaded"], row["files_failed"], row["rows_read"]))
    moments = map(words.instant, (row["first_exported_at"], row["last_exported_at"]))
    return [
        f"{wording.source_name(figures, row['source'])} ({row['source']})",
        *counts,
        *moments,
        row["files_digest"],
    ]


def _seal(figures: Figures, words: SealedWords) -> list[tuple[str, str, bool]]:
    """Returns name, what stands there, and whether it is a digest."""
    seal = figures.seal
    assert seal is not None
    values = (
        (seal.report_id, True),
        (words.say("seal_files", count=words.number(seal.input_files)), False),
        (seal.input_digest, True),
        (seal.rules_version, True),
        (seal.calendar_version, True),
        (seal.units_version, True),
        (seal.procedures_version, True),
        (seal.code_version, True),
        (seal.content_digest, True),
        (wording.known(figures), False),
    )
    return [(name, *value) for name, value in zip(words.texts["seal_rows"], values, strict=True)]
