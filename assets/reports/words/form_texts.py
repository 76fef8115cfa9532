"""What the workbook and the document say, in the language of the report, with numbers and days as it writes them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from assets.reports.reading.by_sector import ESTIMATED, WITHOUT_SECTOR
from assets.reports.reading.figures import ENGLISH, VIETNAMESE, Figures
from assets.reports.statements.queries import number
from assets.reports.statements.rows import CountsRow
from assets.reports.words import wording
from assets.reports.words.texts import Manner
from assets.reports.words.texts import texts as catalogue


def texts(lang: str) -> Mapping[str, Any]:
    """Returns what the catalogue of a language has for the workbook and the document."""
    forms: Mapping[str, Any] = catalogue(lang)["forms"]
    return forms


class FormWords(Manner):
    """The texts of the forms and the document, found by "topic.name", with figures as the language writes them."""

    @property
    def is_english(self) -> bool:
        """Whether the official form has English with its Vietnamese."""
        return self.lang == ENGLISH

    def say(self, name: str, /, **values: Any) -> str:
        """Returns the text of that name with its values in place."""
        topic, key = name.split(".")
        text: str = texts(self.lang)[topic][key]
        return text.format(**values) if values else text

    def official(self, name: str, /, **values: Any) -> str:
        """Returns a text of the official form: Vietnamese, with the English below it in an English report."""
        vietnamese = FormWords(VIETNAMESE).say(name, **values)
        english = self.say(name, **values) if self.is_english else vietnamese
        return vietnamese if english == vietnamese else f"{vietnamese}\n{english}"

    def signed(self, value: int) -> str:
        """+1.234, −5 or 0."""
        sign = "+" if value > 0 else "−" if value < 0 else ""
        return sign + self.number(abs(value))

    def points(self, tenths: int) -> str:
        """Returns a difference of two shares, in tenths of a percent: +1,2 điểm %."""
        sign = "+" if tenths > 0 else "−" if tenths < 0 else ""
        return self.say("comparison.points", count=f"{sign}{self.tenths(abs(tenths))}")

    def timely(self, row: CountsRow) -> str:
        """Returns the share resolved early or on time."""
        return self.percent(row["resolved_early"] + row["resolved_on_time"], row["resolved_total"])

    def kind(self, name: str) -> str:
        """Returns a kind of change or of disagreement."""
        words = catalogue(self.lang)
        kinds: Mapping[str, str] = words["edited"]["kinds"] | words["portal"]["kinds"]
        return kinds[name]

    def delays(self, figures: Figures) -> str:
        """Returns how often and how much later each source stated what another had stated before."""
        numbers = ("delays", "dossiers", "median_hours")
        return "; ".join(
            self.say(
                "shortcomings.delay",
                source=wording.source_name(figures, row["source"]),
                rate=self.per_thousand(row["dossiers"], figures.received_ever),
                **{name: self.number(number(row, name)) for name in numbers},
            )
            for row in figures.delays
        )

    def feed_status(self, status: str) -> str:
        """Returns what an export day lacks of a feed."""
        return str(catalogue(self.lang)["feeds"]["status"][status])

    def unit(self, figures: Figures) -> str:
        """Returns the units of the report by name, for a heading."""
        return self._named([row["unit_name"] for row in figures.asked_units])

    def unit_within(self, figures: Figures) -> str:
        """Returns the same within a sentence: xã An Cư."""
        return self._named([wording.within(row["unit_name"]) for row in figures.asked_units])

    def _named(self, named: Sequence[str]) -> str:
        if not named:
            return self.say("units.none")
        if len(named) > 3:
            return self.say("units.many", count=len(named), names=", ".join(named[:3]))
        return ", ".join(named)

    def unit_with_parts(self, figures: Figures) -> str:
        """Returns the same, with what is counted with them."""
        named = self.unit(figures)
        has_parts = any(row["level"] in ("district", "province") for row in figures.asked_units)
        return self.say("units.parts", names=named) if has_parts else named

    def period(self, figures: Figures) -> str:
        """Returns the line of the period, as mart.period names it where it is one of a calendar."""
        if not self.is_english and figures.period.get("label_vi"):
            return str(figures.period["label_vi"]) + wording.counted_to(figures, self.lang)
        start, end = self.day(figures.request.date_from), self.day(figures.request.date_to)
        return self.say("form.period", start=start, end=end) + wording.counted_to(figures, self.lang)

    def official_period(self, figures: Figures) -> str:
        """Returns the line of the period on the official form."""
        period = FormWords(VIETNAMESE).period(figures)
        return f"{period}\n{self.period(figures)}" if self.is_english else period


def sector_name(name: str, words: FormWords) -> str:
    """Returns the sector of a row as it is written; also of what has none."""
    if name == ESTIMATED:
        return words.say("form.estimated")
    return words.say("form.without_sector") if name == WITHOUT_SECTOR else name
