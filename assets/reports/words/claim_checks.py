"""The claims of one unit and period set against each other: what their own arithmetic says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import TypedDict

from assets.reports.words.sealed_words import SealedWords


class ClaimRow(TypedDict):
    """A claim as the report writes it: numbers (shares of 1; None where nothing can be counted), and the same as texts.

    `difference` is claimed less recomputed, `definition_vi` names what gives the claimed number in the report's language.
    """

    claim: str
    figure: str
    unit_code: str | None
    unit_name: str
    period: str
    claimed: Decimal | int | None
    recomputed: Decimal | int | None
    difference: Decimal | int | None
    definition_vi: str
    is_share: bool
    decimals: int
    claimed_text: str
    recomputed_text: str
    difference_text: str


def checks(rows: Sequence[ClaimRow], words: SealedWords) -> Iterator[str]:
    """Yields one sentence for each sum or share that can be made of claimed figures and is claimed itself."""
    groups: dict[tuple[str, str], dict[str, ClaimRow]] = {}
    for row in rows:
        groups.setdefault((row["unit_name"], row["period"]), {}).setdefault(row["figure"], row)
    for figures in groups.values():
        yield from _of_group(figures, words)


def _of_group(figures: Mapping[str, ClaimRow], words: SealedWords) -> Iterator[str]:
    def both(*names: str) -> bool:
        return all(name in figures for name in names)

    def value(name: str) -> int:
        return int(figures[name]["claimed"] or 0)

    def written(name: str) -> str:
        return words.number(value(name))

    if both("resolved", "early_or_on_time"):
        for name in ("late", "overdue_open"):
            if name in figures and (name == "late" or "late" not in figures):
                yield _sentence(
                    f"{written('resolved')} − {written('early_or_on_time')}",
                    value("resolved") - value("early_or_on_time"),
                    figures[name],
                    words,
                )
    for whole, parts in (
        ("early_or_on_time", ("early", "on_time")),
        ("resolved", ("early", "on_time", "late")),
        ("received_total", ("received", "carried_over")),
        ("pending", ("pending_in_time", "overdue_open")),
    ):
        if both(whole, *parts):
            left = " + ".join(written(part) for part in parts)
            yield _sentence(left, sum(map(value, parts)), figures[whole], words)
    if both("received_total", "resolved", "pending"):
        left = f"{written('received_total')} − {written('resolved')}"
        yield _sentence(left, value("received_total") - value("resolved"), figures["pending"], words)
    for share, part, whole in (
        ("resolved_share", "resolved", "received"),
        ("on_time_share", "early_or_on_time", "resolved"),
        ("late_share", "late", "resolved"),
    ):
        if both(share, part, whole) and value(whole):
            yield _share(
                f"{written(part)} / {written(whole)}",
                Decimal(value(part)) / value(whole),
                figures[share],
                words,
            )


def _sentence(left: str, result: int, row: ClaimRow, words: SealedWords) -> str:
    agrees = result == row["claimed"]
    return words.say(
        "claim_check_agrees" if agrees else "claim_check_differs",
        left=left,
        result=words.number(result),
        claimed=row["claimed_text"],
        text=row["claim"],
        unit=row["unit_name"],
    )


def _share(left: str, result: Decimal, row: ClaimRow, words: SealedWords) -> str:
    decimals = int(row["decimals"])
    unit = Decimal(1).scaleb(-decimals)
    agrees = (result * 100).quantize(unit, ROUND_HALF_UP) == (Decimal(row["claimed"] or 0) * 100).quantize(
        unit, ROUND_HALF_UP
    )
    return words.say(
        "claim_check_agrees" if agrees else "claim_check_differs",
        left=left,
        result=words.share(result, max(decimals, 2)),
        claimed=row["claimed_text"],
        text=row["claim"],
        unit=row["unit_name"],
    )
