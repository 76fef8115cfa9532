"""The page of questions with answers, docs/queries.md, as data: the number, title, statement and answer of each question."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

PAGE = Path(__file__).parents[1] / "docs" / "queries.md"
QUESTION = re.compile(
    r"^### (?P<number>\d+)\. (?P<vi>[^\n]+)\n\n\*(?P<en>[^\n]+)\*\n\n```sql\n(?P<sql>.*?)\n```\n(?P<answer>.*?)(?=^##|\Z)",
    re.MULTILINE | re.DOTALL,
)


@dataclass(frozen=True)
class Question:
    """A question: `title` is the English one, `answer` the text of the page below the statement."""

    number: int
    title: str
    sql: str
    answer: str


def questions_of_page() -> list[Question]:
    """Returns the questions in the order of the page."""
    page = PAGE.read_text(encoding="utf-8")
    return [Question(int(m["number"]), m["en"], m["sql"], m["answer"]) for m in QUESTION.finditer(page)]
