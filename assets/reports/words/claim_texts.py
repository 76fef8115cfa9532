"""What came of claims, in the language of the report. Not here: comparing them (`claims.py`)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from assets.reports.claims.claim_search import HANDOVER, Definition, Hit
from assets.reports.claims.claim_words import MEASURES
from assets.reports.claims.claims import Answer, Unplaced
from assets.reports.claims.claims_file import Claim
from assets.reports.reading.figures import Figures
from assets.reports.words.claim_checks import ClaimRow, checks
from assets.reports.words.sealed_words import SealedWords

_NAMED = 2  # exact hits named; of the others only the count


@dataclass(frozen=True)
class ClaimTexts:
    """`rows` in the order of the file; `checks` are sentences on the claims among themselves, `problems` on bad entries."""

    rows: tuple[ClaimRow, ...] = ()
    checks: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()


def claim_texts(figures: Figures) -> ClaimTexts:
    """Returns the claims of a report as it writes them."""
    words = SealedWords(figures.request.lang)
    compared = figures.claims
    unit_name = ", ".join(row["unit_name"] for row in figures.asked_units) or words.say("all_units")
    rows = tuple(_row(answer, unit_name, words) for answer in compared.answers)
    problems = (*compared.problems, *(_problem(unplaced, words) for unplaced in compared.unplaced))
    return ClaimTexts(rows, tuple(checks(rows, words)), problems)


def _problem(unplaced: Unplaced, words: SealedWords) -> str:
    claim = unplaced.claim
    about = {"file": claim.file, "place": claim.place}
    if unplaced.is_unit_unknown:
        return words.say("claim_unit_unknown", unit=claim.unit, **about)
    start, end = map(words.day, unplaced.period)
    return words.say("claim_period_order", start=start, end=end, **about)


def _row(answer: Answer, unit_name: str, words: SealedWords) -> ClaimRow:
    claim, measure = answer.claim, answer.claim.meaning.measure

    def written(value: Decimal | None, decimals: int = claim.decimals) -> str:
        if value is None:
            return "–"
        return words.share(value, decimals) if measure.is_share else words.number(int(value))

    return {
        "claim": claim.text,
        "figure": measure.name,
        "unit_code": answer.unit.code if answer.unit else None,
        "unit_name": answer.unit.name if answer.unit else unit_name,
        "period": f"{words.day(answer.period[0])} – {words.day(answer.period[1])}",
        "claimed": _plain(claim.value, measure.is_share),
        "recomputed": _plain(answer.recomputed, measure.is_share),
        "difference": _plain(answer.difference, measure.is_share),
        "definition_vi": _definition(answer, words),
        "is_share": measure.is_share,
        "decimals": claim.decimals,
        "claimed_text": written(claim.value),
        "recomputed_text": written(answer.recomputed, max(claim.decimals, 1)),
        "difference_text": _off(answer.difference, measure.is_share, claim.decimals, words),
    }


def _plain(value: Decimal | None, is_share: bool) -> Decimal | int | None:
    return value if value is None or is_share else int(value)


def _off(difference: Decimal | None, is_share: bool, decimals: int, words: SealedWords) -> str:
    """Returns a difference as it is written: of shares in points, a dash for none."""
    if difference is None:
        return "–"
    return words.points(difference, decimals) if is_share else words.number(int(difference))


def _definition(answer: Answer, words: SealedWords) -> str:
    """Returns which definition gives the claimed number: the named one, else exact ones, else the nearest number."""
    if answer.nearest is None:
        return words.say("claim_nothing")
    if answer.own and answer.is_as_named:
        return words.say("claim_same", definition=_called(answer.own.definition, answer, words))
    if answer.exact:
        return _exact(answer, words)
    nearest = answer.nearest
    measure = MEASURES[nearest.definition.measure]
    off = answer.claim.value - nearest.value
    return words.say(
        "claim_nearest",
        definition=_called(nearest.definition, answer, words),
        value=_value(nearest, answer.claim, words),
        difference=_off(off, measure.is_share, answer.claim.decimals + 1, words),
    )


def _exact(answer: Answer, words: SealedWords) -> str:
    first, *others = answer.exact
    sentences = words.say(
        "claim_hit",
        definition=_called(first.definition, answer, words),
        value=_value(first, answer.claim, words),
    )
    for hit in others[: _NAMED - 1]:
        sentences += words.say("claim_also", definition=_called(hit.definition, answer, words))
    if len(answer.exact) > _NAMED:
        sentences += words.say("claim_others", count=words.number(len(answer.exact) - _NAMED))
    return sentences


def _value(hit: Hit, claim: Claim, words: SealedWords) -> str:
    if MEASURES[hit.definition.measure].is_share:
        return words.share(hit.value, max(claim.decimals, 1))
    return words.number(int(hit.value))


def _called(definition: Definition, answer: Answer, words: SealedWords) -> str:
    """Returns a definition in words: what is counted, when, of whom, under which rules."""
    measure = MEASURES[definition.measure]
    counted = str(words.texts["claim_figures"][measure.name])
    end = words.day(definition.end)
    if (definition.start, definition.end) != answer.period:
        counted += words.say("claim_in_period", start=words.day(definition.start), end=end)
    elif measure.is_stock:
        counted += words.say("claim_at_end", end=end)
    is_other_part = definition.part != answer.base.part
    limits = [
        *([] if measure.name == "online_share" else [words.texts["claim_channels"][definition.channels]]),
        words.texts["claim_bases"][definition.basis],
        *([words.texts["claim_parts"][definition.part]] if is_other_part else []),
        words.say("claim_handover")
        if definition.rule_set == HANDOVER
        else words.say("claim_rule_set", rule_set=definition.rule_set),
        *([words.say("claim_now")] if definition.known != "asked" else []),
    ]
    return f"{counted} ({', '.join(limits)})"
