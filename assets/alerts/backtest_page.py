"""The figures of a backtest as a part of docs/alerts.md, with its pictures."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from assets.alerts.backtest import AIM, Detection, Outcome
from assets.alerts.backtest_plots import Example, Plots, draw
from assets.alerts.rivals import OWN
from warehouse_sql.messages import message

_BEGIN, _END = "<!-- backtest: made by a command, do not edit -->", "<!-- backtest: end -->"
_FOLDER = "alerts"
_SURE = 2.0  # standard errors


@dataclass(frozen=True)
class Backtest:
    """What was run and what came of it; `summary` is one line on it, `habits` the own detector on other histories."""

    summary: str
    command: str
    at_default: Sequence[Outcome]
    at_aim: Sequence[Outcome]
    habits: Sequence[tuple[str, Outcome]]
    example: Example | None
    calibration: Sequence[
        tuple[str, float, float]
    ]  # level, nominal chance, share of unit-days at or below it


def around_figures(page: Path) -> tuple[str, str]:
    """Returns the text of a page before and after its figures. Raises ValueError when it has not the two marks."""
    text = page.read_text(encoding="utf-8")
    if text.count(_BEGIN) != 1 or text.count(_END) != 1 or text.index(_BEGIN) > text.index(_END):
        raise ValueError(
            message(
                "Tệp {page} không có hai dòng đánh dấu “{begin}” và “{end}” để ghi số liệu vào giữa; hãy thêm "
                "vào.",
                page=page,
                begin=_BEGIN,
                end=_END,
            )
        )
    return text[: text.index(_BEGIN)], text[text.index(_END) + len(_END) :]


def write_page(backtest: Backtest, page: Path) -> list[Path]:
    """Puts the figures between the page's two marks and the pictures into a folder next to it; the pictures' paths.

    Raises ValueError when the page has no marks.
    """
    before, after = around_figures(page)
    pictures = draw(Plots(backtest.at_default, backtest.at_aim, backtest.example, backtest.calibration))
    folder = page.parent / _FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, picture in pictures.items():
        written.append(folder / f"{name}.svg")
        written[-1].write_text(picture, encoding="utf-8")
    page.write_text(
        f"{before}{_BEGIN}\n\n{section(backtest, list(pictures))}\n{_END}{after}", encoding="utf-8"
    )
    return written


def section(backtest: Backtest, pictures: Sequence[str] = ()) -> str:
    """Returns the figures as Markdown."""
    groups = sorted(backtest.at_default[0].false_onsets)
    parts = [f"{backtest.summary}\n\n    {backtest.command}", _false_table(backtest.at_default, groups)]
    parts.append(_verdict(backtest, groups))
    for title, outcomes in (
        (
            f"Spikes found where every method is held to {AIM:g} false onsets per 1,000 unit-workdays",
            backtest.at_aim,
        ),
        ("Spikes found at each method's own default", backtest.at_default),
    ):
        parts.append(_detection_table(title, outcomes, groups, is_tet=False))
    if any(detection.is_tet and detection.spikes for detection in backtest.at_aim[0].detections):
        parts.append(
            _detection_table(
                f"Spikes over Tết, at {AIM:g} false onsets per 1,000", backtest.at_aim, groups, is_tet=True
            )
        )
    if backtest.habits:
        parts.append(_habits_table(backtest.habits, groups))
    parts += [f"![{_ALTERNATIVES[name]}]({_FOLDER}/{name}.svg)" for name in pictures]
    return "\n\n".join(parts) + "\n"


_ALTERNATIVES = {
    "found": "Share of spikes found by level, for the four methods at the same rate of false onsets",
    "false-onsets": "False onsets per 1,000 unit-workdays by level, for the four methods at their defaults",
    "example": "One unit over Tết and a spike: newly overdue dossiers by day, and how unusual each day was",
    "calibration": "How often p-values are as small as they say",
}


def _verdict(backtest: Backtest, groups: Sequence[float]) -> str:
    """Returns a sentence on whether the aim was reached."""
    if not {1.0, 3.0} <= set(groups):
        return ""
    own = next(outcome for outcome in backtest.at_aim if outcome.method == OWN)
    at_three, at_level_1 = (
        next(f for f in own.detections if (f.factor, f.group, f.is_tet) == (3.0, group, False))
        for group in (3.0, 1.0)
    )
    results = " and ".join(
        f"{_with_error(detection)} at {detection.group:g} a day ({_against_aim(detection, aim)})"
        for detection, aim in ((at_three, 0.75), (at_level_1, 0.5))
    )
    return (
        f"The aim is to find 75 % of ×3 spikes at 3 a day and 50 % at 1 a day at {AIM:g} false onsets per 1,000 unit-workdays."
        f" Found, ± standard error: {results}, at {own.all_false_onsets:.2f} false onsets, on seeds that the threshold was not"
        " set with."
    )


def _against_aim(detection: Detection, aim: float) -> str:
    margin = (detection.share - aim) / _error(detection)
    if abs(margin) < _SURE:
        return "**at the aim**, within the error"
    return "**above the aim**" if margin > 0 else "**below the aim**"


def _error(detection: Detection) -> float:
    """Returns the standard error of a share, never 0, so that it can divide."""
    return max(math.sqrt(detection.share * (1 - detection.share) / max(detection.spikes, 1)), 1e-6)


def _with_error(detection: Detection) -> str:
    return f"{100 * detection.share:.1f} % ± {100 * _error(detection):.1f}"


def _false_table(outcomes: Sequence[Outcome], groups: Sequence[float]) -> str:
    rows = [
        [
            outcome.method,
            *(_rate(outcome.false_onsets[group]) for group in groups),
            _rate(outcome.all_false_onsets),
            _rate(outcome.tet_false_onsets),
        ]
        for outcome in outcomes
    ]
    return "**False onsets per 1,000 unit-workdays, each method at its own default**\n\n" + _table(
        ["method", *(f"{group:g} a day" for group in groups), "all", "the week after Tết"], rows
    )


def _detection_table(
    title: str, outcomes: Sequence[Outcome], groups: Sequence[float], *, is_tet: bool
) -> str:
    factors = sorted({detection.factor for detection in outcomes[0].detections})
    rows = []
    for outcome in outcomes:
        by_cell = {(f.factor, f.group): f for f in outcome.detections if f.is_tet == is_tet}
        cells = [by_cell[factor, group] for factor in factors for group in groups]
        rows.append(
            [
                outcome.method,
                *(_percent(f.share) + _days(f.days) for f in cells),
                _rate(outcome.all_false_onsets),
            ]
        )
    sizes = [detection.spikes for detection in outcomes[0].detections if detection.is_tet == is_tet]
    heading = [
        "method",
        *(f"×{factor:g}, {group:g} a day" for factor in factors for group in groups),
        "false onsets",
    ]
    return (
        f"**{title}** (share, mean days to detection; {min(sizes)} to {max(sizes)} spikes a cell)\n\n"
        + _table(heading, rows)
    )


def _habits_table(habits: Sequence[tuple[str, Outcome]], groups: Sequence[float]) -> str:
    rows = [
        [
            name,
            *(_percent(outcome.share(factor, group)) for factor in (2.0, 3.0) for group in groups),
            _rate(outcome.all_false_onsets),
            _rate(outcome.tet_false_onsets),
        ]
        for name, outcome in habits
    ]
    heading = ["history", *(f"×{factor:g}, {group:g} a day" for factor in (2, 3) for group in groups)]
    return "**The own detector at its default, where units are calmer or rougher**\n\n" + _table(
        [*heading, "false onsets", "the week after Tết"], rows
    )


def _table(heading: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [heading, ["---", *["---:"] * (len(heading) - 1)], *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _percent(share: float) -> str:
    return "–" if math.isnan(share) else f"{100 * share:.0f} %"


def _days(days: float) -> str:
    return "" if math.isnan(days) else f", {days:.1f} d"


def _rate(rate: float) -> str:
    return "–" if math.isnan(rate) else f"{rate:.1f}"
