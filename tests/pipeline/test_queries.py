"""The page of questions with answers: every question runs as an analyst's, and says on the demo what the page says.

MOTCUA_RENEW_SNAPSHOTS=1 writes the answers.
"""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

import pytest

from pipelines.cli.query import plain
from tests.asking import ask_as_analyst
from tests.pipeline.test_demo import motcua
from tests.questions_page import PAGE, QUESTION, questions_of_page
from tests.worlds import World
from warehouse_sql.analyst import ask
from warehouse_sql.query_login import ask_embedded

_SHOWN = 6
#: On a quiet machine each takes less than a second; here other tests run at the same time.
_LONGEST_SECONDS, _TRIES = 3, 3


def _answer(names: list[str], rows: list[tuple[Any, ...]]) -> str:
    """Returns the first rows as a table of Markdown, and how many there are where not all are shown."""
    shown = [["" if value is None else str(plain(value)) for value in row] for row in rows[:_SHOWN]]
    lines = ["| " + " | ".join(cells) + " |" for cells in (names, *shown)]
    lines.insert(1, "|---" * len(names) + "|")
    more = ["", f"… {len(rows)} rows · dòng"] if len(rows) > _SHOWN else []
    return "\n".join(["", *lines, *more, "", ""])


def test_thirty_questions_stand_on_the_page_in_order_and_each_in_both_languages() -> None:
    questions = questions_of_page()
    assert len(questions) >= 30
    assert [question.number for question in questions] == list(range(1, len(questions) + 1))
    assert PAGE.read_text(encoding="utf-8").count("\n### ") == len(questions)


def test_every_question_is_answered_to_an_analyst_with_the_columns_of_the_page(july: World) -> None:
    for question in questions_of_page():
        names, _ = ask_as_analyst(july.engine, question.sql)
        assert "| " + " | ".join(names) + " |" in question.answer, question.number


@pytest.mark.long
def test_the_answers_on_the_page_are_those_of_the_demo_and_none_takes_long(tmp_path: Path) -> None:
    motcua(tmp_path, "demo")
    answers, slow = {}, {}
    for question in questions_of_page():
        taken = []
        while not taken or (min(taken) > _LONGEST_SECONDS and len(taken) < _TRIES):
            start = time.perf_counter()
            names, rows = ask_embedded(tmp_path, question.sql, 60, ask)
            taken.append(time.perf_counter() - start)
        answers[question.number] = _answer(names, rows)
        if min(taken) > _LONGEST_SECONDS:
            slow[question.number] = round(min(taken), 2)
    page = PAGE.read_text(encoding="utf-8")
    renewed = QUESTION.sub(lambda m: m[0][: len(m[0]) - len(m["answer"])] + answers[int(m["number"])], page)
    if os.environ.get("MOTCUA_RENEW_SNAPSHOTS"):
        PAGE.write_text(renewed.rstrip("\n") + "\n", encoding="utf-8")
    assert not slow
    assert PAGE.read_text(encoding="utf-8") == renewed.rstrip("\n") + "\n"
