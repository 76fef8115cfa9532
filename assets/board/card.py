"""The card of one dossier: its life as a line, due dates as promised and as the law gives, who has it, and who stated what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from assets.board.choice import Choice
from assets.board.reading import Reader, Row
from assets.facts.due import DossierExplanation, UnknownDossierError, explain_dossier, office_of_marts
from warehouse_sql.messages import spoken

_CODE = "select mart.dossier_code_of(:code) as code"
_DOSSIER = "select * from mart.dossier where dossier_code = :code"
_LIFE = (
    "select l.span_number, l.valid_from, nullif(l.valid_to, 'infinity') as valid_to, l.status, l.state, l.due_at"
    " from mart.dossier_life(:code, cast(:known_at as timestamptz)) as l order by l.span_number"
)
_STEPS = "select * from mart.dossier_step(:code, cast(:known_at as timestamptz)) order by processed_at desc, status desc"
_TRACE = "select * from mart.dossier_trace(:code) where known_from <= cast(:known_at as timestamptz)"
_EDITS = (
    "select * from mart.edited_as_known(cast(:known_at as timestamptz)) where dossier_code = :code"
    " order by first_seen_at, kind, source"
)
#: Stretches of a life are drawn on a line of so many parts; each is seen, however short.
_LINE_PARTS, _LEAST_PARTS = 1000, 4


@dataclass(frozen=True)
class Stretch:
    """A stretch of the life as it lies on the line: where it begins and how long it is, in thousandths of the line."""

    row: Row
    x: int
    width: int


@dataclass(frozen=True)
class Card:
    """All that is known of one dossier. `due` is None where none can be computed, and `why_not` says why."""

    dossier: Row
    life: Sequence[Row]
    line: Sequence[Stretch]
    steps: Sequence[Row]
    statements: Sequence[Row]
    disagreements: Sequence[Row]
    edits: Sequence[Row]
    due: DossierExplanation | None
    why_not: str | None


def read_card(reader: Reader, code: str, choice: Choice) -> Card | None:
    """Returns the card of the dossier that travels under a code; None where there is none that the viewer may see."""
    asked: dict[str, Any] = {"code": code.strip(), "known_at": choice.known_at or "infinity"}
    (known,) = reader.ask(_CODE, asked)
    if known["code"] is None:
        return None
    asked["code"] = known["code"]
    dossiers = reader.ask(_DOSSIER, asked)
    if not dossiers:
        return None
    life = reader.ask(_LIFE, asked)
    due, why_not = _explained(reader, known["code"], choice)
    return Card(
        dossier=dossiers[0],
        life=life,
        line=_line(life, reader.published.horizon),
        steps=reader.ask(_STEPS, asked),
        statements=reader.ask(_TRACE, asked),
        disagreements=reader.rows(
            "board/disagreement.sql", dossier_code=known["code"], unit_keys=None, kind=None
        ),
        edits=reader.ask(_EDITS, asked),
        due=due,
        why_not=why_not,
    )


def _explained(reader: Reader, code: str, choice: Choice) -> tuple[DossierExplanation | None, str | None]:
    try:
        office = reader.once("office", lambda: office_of_marts(reader.connection))
        return explain_dossier(reader.connection, code, "en" if choice.lang == "en" else "vi", office), None
    except UnknownDossierError as error:
        return None, spoken(error.args[0])


def _line(life: Sequence[Row], horizon: Any) -> list[Stretch]:
    """Returns the stretches side by side; the last one reaches to the last day counted, or is as short as can be seen."""
    if not life:
        return []
    first = life[0]["valid_from"]
    last = max(life[-1]["valid_from"], datetime.combine(horizon, datetime.min.time()) if horizon else first)
    whole = max((last - first).total_seconds(), 1.0)
    ends = [min(row["valid_to"] or last, last) for row in life]
    widths = [
        max(_LEAST_PARTS, round(_LINE_PARTS * (end - row["valid_from"]).total_seconds() / whole))
        for row, end in zip(life, ends, strict=True)
    ]
    scale = _LINE_PARTS / sum(widths)
    stretches, x = [], 0.0
    for row, width in zip(life, widths, strict=True):
        stretches.append(Stretch(row, round(x), max(1, round(width * scale))))
        x += width * scale
    return stretches
