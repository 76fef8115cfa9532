"""The questions of docs/queries.md, asked as an analyst of a world of another size and time than the demo.

The page names days of the demo. In another world each period lies as far before its last day as it does there, and a moment
of knowledge is the day after the world's first file came.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from tests.bench.peers.book import Book
from tests.bench.peers.ours import Motcua
from tests.questions_page import Question, questions_of_page

#: Each question is a work of the book, `question 21`, with the seconds on a side: `demo`, or `ours` of a history of lists.
WORK = "question "
_KNOWN = re.compile(r"(known_\w+ => )'\d{4}-\d\d-\d\d'")
_DAY = re.compile(r"'(\d{4}-\d\d-\d\d)'")
_CODE = re.compile(r"'000(?:\.\w+){3}-\d{6}-\d+'")


@dataclass(frozen=True)
class Days:
    """Of a world: the last day that is counted, the day after its first file came, and the code of one of its dossiers."""

    last: date
    known: date
    code: str


def ask_the_demo(motcua: Motcua, book: Book) -> None:
    """Keeps the seconds of each question as the page has it, and those of the slowest."""
    slowest = _measure(motcua, book, questions_of_page(), "demo")
    book.put("questions demo", ours=slowest)


def ask_a_history(motcua: Motcua, book: Book) -> None:
    """Keeps the seconds of each question with the days of this world, and those of the slowest."""
    slowest = _measure(motcua, book, asked_of(questions_of_page(), _days(motcua)), "ours")
    book.put("questions", ours=slowest)


def _measure(motcua: Motcua, book: Book, questions: Sequence[Question], side: str) -> float:
    seconds = []
    for question in questions:
        seconds.append(motcua.seconds(question.sql))
        book.put(f"{WORK}{question.number}", **{side: seconds[-1]})
    return max(seconds)


def asked_of(questions: Sequence[Question], days: Days) -> list[Question]:
    """Returns the questions with the days of a world, and a dossier of it, in the place of the demo's."""
    periods = [day for question in questions for day in _DAY.findall(_KNOWN.sub("", question.sql))]
    by = days.last - max(map(date.fromisoformat, periods))
    return [replace(question, sql=_moved(question.sql, days, by)) for question in questions]


def _moved(sql: str, days: Days, by: timedelta) -> str:
    """Returns the statement with its periods moved; moments of knowledge, set apart before, do not move with them."""
    parts = _KNOWN.split(_CODE.sub(f"'{days.code}'", sql))
    moved = [_DAY.sub(lambda day: f"'{date.fromisoformat(day[1]) + by}'", part) for part in parts[::2]]
    known = [f"{name}'{days.known}'" for name in parts[1::2]]
    return "".join(piece for pair in zip(moved, [*known, ""], strict=True) for piece in pair)


def _days(motcua: Motcua) -> Days:
    (row,) = motcua.ask(
        "select mart.horizon()::text as last, (min(f.received_at)::date + 1)::text as known,"
        " (select min(d.dossier_code) from core.fct_dossier as d where d.is_counted) as code from landing.export_file as f"
    )
    return Days(date.fromisoformat(str(row["last"])), date.fromisoformat(str(row["known"])), str(row["code"]))
