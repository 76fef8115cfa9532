"""The page on dossiers due soon: what the model was tried on and what came of it, as Markdown with a plot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from assets.alerts.due_soon_proof import FOLDS, SHOWN, TEST_DAYS, TRAIN_DAYS, Proof
from assets.drawing.svg import svg

_HEAD = f"""\
# Dossiers due soon

`mart.due_soon` lists, per unit, the open dossiers due within the next three working days in the order in which to look at
them. The estimate is a discrete-time hazard: on each working day a dossier in process leaves the desk or stays, and one that
stays through its due day goes overdue. The chance to stay is taken by days left, procedure and unit, shrunk towards the
procedure and the whole by how much they differ (empirical Bayes, beta-binomial), then moved by what is known of the dossier:
elapsed share of its time, whether and how long ago a step was reported, how busy the unit is, whether it came online.

**It is shown only where it orders dossiers better than the plain order by days left**; whether it does is tried again every
week on the warehouse at hand and kept in `ops.due_soon_model`: trained on {TRAIN_DAYS} working days, tried on the
{TEST_DAYS} after them, {FOLDS} times further back; the model knows no outcome after its last training day. It is kept when the
share of overdue dossiers among the first {SHOWN} of a unit's list is greater than in the plain order, at 95 % over days drawn
again. Facts are taken as known now, so dates that were corrected later are known to it too.

The simulated warehouse below is `motcua simulate OUT --from 2022-06-01 --to 2023-06-30 --dossiers 40000 --seed 3`. Its units and
procedures differ in lateness by design (land is late, copies are not), so there is something to learn; whether there is in a
province's own data, only the weekly trial on that data can say.

This page is written by `motcua alerts due-soon --out FILE --title TITLE` (`--append` for a further warehouse).
"""


@dataclass(frozen=True)
class Section:
    """One warehouse: what it holds, the day its exports reach to, and the proof."""

    title: str
    through: date | None
    proof: Proof


def head() -> str:
    """Returns what the page begins with."""
    return _HEAD


def section(content: Section, plot: str | None) -> str:
    """Returns the part of one warehouse; `plot` is the name of the file of its plot."""
    proof = content.proof
    lines = ["", f"## {content.title}", ""]
    if proof.brier_model is None or not proof.orders:
        lines.append(
            f"Exports up to {content.through}: too little to try the model on; the list is ordered by days left."
        )
        return "\n".join(lines) + "\n"
    verdict = "kept" if proof.is_kept else "**not kept**: the list is ordered by days left"
    lines += [
        f"Exports up to {content.through}; {proof.rows:,} dossier-evenings tried, {proof.overdue:,} of them went overdue"
        f" ({proof.overdue / proof.rows:.1%}). The model is {verdict}.",
        "",
        "| | model | plain share by days left |",
        "|---|---|---|",
        f"| Brier score | {proof.brier_model:.4f} | {proof.brier_plain:.4f} |",
        f"| expected calibration error | {proof.calibration_error:.4f} | |",
        "",
        "| due within | first k of a list | lists longer than k | model | by days left | best possible | gain at 95 % |",
        "|---|---|---|---|---|---|---|",
    ]
    for order in proof.orders:
        days = f"{order.horizon} working day{'s' if order.horizon > 1 else ''}"
        figures = (
            f"{order.model:.1%} | {order.plain:.1%} | {order.best:.1%} | {order.least_gain:+.1%}"
            if order.lists
            else "– | – | – | –"
        )
        lines.append(f"| {days} | {order.first} | {order.lists:,} | {figures} |")
    lines += [
        "",
        "| group (a tenth each) | dossier-evenings | mean probability | went overdue |",
        "|---|---|---|---|",
    ]
    lines += [
        f"| {place} | {group.count:,} | {group.probability:.2%} | {group.share:.2%} |"
        for place, group in enumerate(proof.groups, start=1)
    ]
    if plot:
        lines += ["", f"![Mean probability and share that went overdue, by group]({plot})"]
    return "\n".join(lines) + "\n"


def reliability_plot(groups: Sequence[object]) -> str:
    """Returns SVG: mean probability of each group against the share that went overdue, with the diagonal."""
    # Slow to import, and only this page needs it.
    import altair as alt  # noqa: PLC0415

    points = [vars(group) for group in groups]
    most = max(max(point["probability"], point["share"]) for point in points) * 1.05 or 1.0
    scale = alt.Scale(domain=[0, most], nice=False)
    ideal = alt.Chart(alt.Data(values=[{"x": 0, "y": 0}, {"x": most, "y": most}])).mark_line(
        strokeDash=[4, 4], color="#888888"
    )
    dots = alt.Chart(alt.Data(values=points)).mark_line(point=alt.OverlayMarkDef(size=50), color="#4c78a8")
    chart = (
        ideal.encode(x=alt.X("x:Q", scale=scale), y=alt.Y("y:Q", scale=scale))
        + dots.encode(
            x=alt.X("probability:Q", scale=scale, title="mean probability", axis=alt.Axis(format=".0%")),
            y=alt.Y("share:Q", scale=scale, title="went overdue", axis=alt.Axis(format=".0%")),
        )
    ).properties(width=420, height=320, background="white")
    return svg(chart)
