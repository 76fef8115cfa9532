"""Claims as a table of texts, for the sealed issue and the page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from assets.reports.words.sealed_words import Words

if TYPE_CHECKING:
    from assets.reports.reading.figures import Figures


def claim_table(figures: Figures, words: Words) -> Mapping[str, Any]:
    """heads, rows (texts, and whether claimed and recomputed differ), checks and problems; no rows: nothing to show."""
    return {
        "heads": words.texts["claims_heads"],
        "rows": [
            [
                row["claim"],
                row["unit_name"],
                row["period"],
                row["claimed_text"],
                row["recomputed_text"],
                row["difference_text"],
                row["definition_vi"],
                bool(row["difference"]),
            ]
            for row in figures.claims
        ],
        "checks": list(figures.claim_checks),
        "problems": list(figures.claim_problems),
    }
