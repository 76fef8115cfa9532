"""What the workbook and the document say, in the language of the report, with numbers and days as it writes them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from assets.reports import vietnamese, wording
from assets.reports.figures import CURRENT, ENGLISH, VIETNAMESE, Figures, Row

_TEXTS = Path(__file__).with_name("texts")


@cache
def texts(lang: str) -> Mapping[str, Any]:
    """The catalogue of a language: texts/forms.<lang>.yaml."""
    found: Mapping[str, Any] = yaml.safe_load((_TEXTS / f"forms.{lang}.yaml").read_text(encoding="utf-8"))
    return found


class Words:
    """The texts of one report, found by "topic.name", and what of `wording` has an English of its own."""

    def __init__(self, lang: str) -> None:
        self.lang = lang
        self.is_english = lang == ENGLISH

    def say(self, name: str, /, **values: Any) -> str:
        """The text of that name with its values in place."""
        topic, key = name.split(".")
        said: str = texts(self.lang)[topic][key]
        return said.format(**values) if values else said

    def official(self, name: str, /, **values: Any) -> str:
        """A text of the official form: Vietnamese, with the English below it in an English report."""
        said = Words(VIETNAMESE).say(name, **values)
        beside = self.say(name, **values) if self.is_english else said
        return said if beside == said else f"{said}\n{beside}"

    def number(self, value: int) -> str:
        """70.426, in English 70,426."""
        return f"{value:,}" if self.is_english else vietnamese.number(value)

    def signed(self, value: int) -> str:
        """+1.234, −5 or 0."""
        sign = "+" if value > 0 else "−" if value < 0 else ""
        return sign + self.number(abs(value))

    def percent(self, part: int, whole: int) -> str:
        """96,2 %, in English 96.2%."""
        said = vietnamese.percent(part, whole)
        return said.replace(",", ".").replace(" %", "%") if self.is_english else said

    def points(self, tenths: int) -> str:
        """A difference of two shares, in tenths of a percent: +1,2 điểm %."""
        sign = "+" if tenths > 0 else "−" if tenths < 0 else ""
        mark = "." if self.is_english else ","
        return self.say("comparison.points", count=f"{sign}{abs(tenths) // 10}{mark}{abs(tenths) % 10}")

    def day(self, value: date | None) -> str:
        """30/08/2023 in both."""
        return vietnamese.day(value)

    def instant(self, value: datetime | None) -> str:
        """30/08/2023 17:00 in both."""
        return vietnamese.instant(value)

    def lateness(self, row: Row) -> str:
        """By how much a dossier is late."""
        days = row["working_days_late"]
        if days is None:
            return ""
        return self.say("late.days", count=self.number(days)) if days > 0 else self.say("late.less")

    def kind(self, name: str) -> str:
        """A kind of change or of disagreement."""
        if self.is_english:
            return self.say(f"kinds.{name}")
        return wording.EDITED_KINDS.get(name) or wording.PORTAL_KINDS[name]

    def unit(self, figures: Figures) -> str:
        """The units of the report by name, for a heading."""
        named = [row["unit_name"] for row in figures.asked_units]
        if not named:
            return self.say("units.none")
        if len(named) > 3:
            return self.say("units.many", count=len(named), names=", ".join(named[:3]))
        return ", ".join(named)

    def unit_with_parts(self, figures: Figures) -> str:
        """The same, with what is counted with them."""
        named = self.unit(figures)
        has_parts = any(row["level"] in ("district", "province") for row in figures.asked_units)
        return self.say("units.parts", names=named) if has_parts else named

    def period(self, figures: Figures) -> str:
        """The line of the period, as mart.period names it where it is one of a calendar."""
        if not self.is_english and figures.period.get("label_vi"):
            return str(figures.period["label_vi"])
        start, end = self.day(figures.request.date_from), self.day(figures.request.date_to)
        return self.say("form.period", start=start, end=end)

    def official_period(self, figures: Figures) -> str:
        """The line of the period on the official form."""
        said = Words(VIETNAMESE).period(figures)
        return f"{said}\n{self.period(figures)}" if self.is_english else said

    def known(self, figures: Figures) -> str:
        """As of which moment of knowledge the figures are."""
        if not self.is_english:
            return wording.known(figures)
        if figures.request.known_at:
            moment = f"{figures.request.known_at:%d/%m/%Y %H:%M:%S}"
            return self.say("said.known_at", moment=moment)
        return self.say("said.known_now", moment=self.instant(figures.last_exported_at))

    def sentence(self, figures: Figures) -> str:
        """The sentence of an inspection report."""
        if not self.is_english:
            return wording.inspection_sentence(figures)
        line = figures.line
        untimed = line["resolved"] - line["early_or_on_time"] - line["late"]
        return self.say(
            "said.sentence",
            start=self.day(figures.request.date_from),
            end=self.day(figures.request.date_to),
            unit=self.unit_with_parts(figures),
            received=self.number(line["received"]),
            resolved=self.number(line["resolved"]),
            share=self.percent(line["resolved"], line["received"]),
            timely=self.number(line["early_or_on_time"]),
            late=self.number(line["late"]),
            untimed=self.say("said.untimed", count=self.number(untimed)) if untimed else "",
            overdue=self.number(line["overdue_open"]),
            rule_set=figures.request.rule_set,
        )

    def unit_view(self, figures: Figures) -> str:
        """By which list of units the form counts; empty for that of the day of reception."""
        if not self.is_english:
            return wording.unit_view(figures)
        if figures.request.unit_view != CURRENT:
            return ""
        estimated = any(row["is_estimate"] for row in figures.form)
        return self.say("said.unit_view") + (self.say("said.estimated") if estimated else "")

    def rules(self, figures: Figures) -> str:
        """The rule set in words; they are official and stay Vietnamese."""
        said = wording.rules(figures)
        return self.say("said.rules", rules=said) if self.is_english else said
