"""Claims as a table of texts, for the sealed issue and the page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from assets.reports.reading.figures import Figures
from assets.reports.words.claim_texts import claim_texts
from assets.reports.words.sealed_words import SealedWords


def claim_table(figures: Figures, words: SealedWords) -> Mapping[str, Any]:
    """Returns heads, rows (texts, and whether claimed and recomputed differ, None where nothing was recomputed), checks and
    problems; no rows: nothing to show.
    """
    claims = claim_texts(figures)
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
                None if row["difference"] is None else row["difference"] != 0,
            ]
            for row in claims.rows
        ],
        "checks": list(claims.checks),
        "problems": list(claims.problems),
    }
