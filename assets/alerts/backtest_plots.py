"""The pictures of a backtest as SVG, drawn offline; the same figures give the same pictures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from assets.alerts.backtest import AIM, Outcome
from assets.alerts.rivals import OWN
from assets.drawing.svg import svg

# Told apart without colours as well: by dash and by shape.
_COLOURS = ("#1f5f99", "#b3261e", "#b07d00", "#6b6b6b")
_RED, _BLUE, _GREY = "#b3261e", "#1f5f99", "#777777"


@dataclass(frozen=True)
class Example:
    """One unit: day, newly overdue, whether a spike was put in, and -log10 of the p-value; `limit` in the same measure."""

    days: Sequence[tuple[date, int, bool, float]]
    limit: float
    caption: str


@dataclass(frozen=True)
class Plots:
    """What is drawn."""

    at_default: Sequence[Outcome]
    at_aim: Sequence[Outcome]
    example: Example | None
    calibration: Sequence[tuple[str, float, float]]


def draw(plots: Plots) -> dict[str, str]:
    """Returns SVG by name."""
    drawings = {
        "found": _svg(_detections(plots.at_aim)),
        "false-onsets": _svg(_false_onsets(plots.at_default)),
    }
    if plots.example:
        drawings["example"] = _svg(_example(plots.example))
    if plots.calibration:
        drawings["calibration"] = _svg(_calibration(plots.calibration))
    return drawings


def _methods(outcomes: Sequence[Outcome]) -> Any:
    import altair as alt  # noqa: PLC0415 - a second, paid only by who draws

    names = [outcome.method for outcome in outcomes]
    colour = alt.Color(
        "method:N",
        title=None,
        scale=alt.Scale(domain=names, range=list(_COLOURS[: len(names)])),
        legend=alt.Legend(orient="top", symbolSize=120, labelLimit=240),
    )
    return colour, alt.Shape("method:N", title=None, scale=alt.Scale(domain=names))


def _levels(groups: Sequence[float]) -> Any:
    import altair as alt  # noqa: PLC0415

    return alt.X(
        "level:O",
        sort=[f"{group:g}" for group in groups],
        title="newly overdue dossiers a day",
        axis=alt.Axis(labelAngle=0, grid=False),
    )


def _detections(outcomes: Sequence[Outcome]) -> Any:
    import altair as alt  # noqa: PLC0415

    values = [
        {"method": outcome.method, "spike": f"×{f.factor:g}", "level": f"{f.group:g}", "share": 100 * f.share}
        for outcome in outcomes
        for f in outcome.detections
        if not f.is_tet and f.spikes
    ]
    colour, shape = _methods(outcomes)
    groups = sorted(outcomes[0].false_onsets)
    base = alt.Chart().encode(
        x=_levels(groups),
        y=alt.Y("share:Q", title="spikes found, %", scale=alt.Scale(domain=[0, 100])),
        color=colour,
    )
    lines = alt.layer(
        base.mark_line(strokeWidth=2),
        base.mark_point(filled=True, size=80, opacity=1).encode(shape=shape),
        data=alt.Data(values=values),
    ).properties(width=250, height=240)
    return lines.facet(
        column=alt.Column("spike:N", title=None, header=alt.Header(labelFontSize=13, labelFontWeight="bold"))
    ).properties(title=f"Five-day spikes found, all at {AIM:g} false onsets per 1,000 unit-workdays")


def _false_onsets(outcomes: Sequence[Outcome]) -> Any:
    import altair as alt  # noqa: PLC0415

    values = [
        {"method": outcome.method, "level": f"{group:g}", "rate": rate}
        for outcome in outcomes
        for group, rate in outcome.false_onsets.items()
    ]
    colour, shape = _methods(outcomes)
    groups = sorted(outcomes[0].false_onsets)
    scale = alt.Scale(type="symlog", constant=1)
    base = alt.Chart(alt.Data(values=values)).encode(
        x=_levels(groups),
        y=alt.Y(
            "rate:Q",
            title="false onsets per 1,000 unit-workdays",
            scale=scale,
            axis=alt.Axis(values=[0, 1, 2, 5, 10, 20, 50, 100]),
        ),
        color=colour,
    )
    aim = (
        alt.Chart(alt.Data(values=[{"aim": AIM}]))
        .mark_rule(color=_GREY, strokeDash=[5, 4])
        .encode(y=alt.Y("aim:Q", scale=scale))
    )
    return alt.layer(
        aim,
        base.mark_line(strokeWidth=2),
        base.mark_point(filled=True, size=80, opacity=1).encode(shape=shape),
    ).properties(width=420, height=240, title="False onsets at each method's default (dashed: the aim)")


def _example(example: Example) -> Any:
    import altair as alt  # noqa: PLC0415

    values = [
        {
            "day": day.isoformat(),
            "count": count,
            "spike": "spike put in" if spiked else "usual",
            "score": score,
        }
        for day, count, spiked, score in example.days
    ]
    base = alt.Chart(alt.Data(values=values))
    x = alt.X("day:T", title=None, axis=alt.Axis(format="%d/%m/%y", grid=False, labelOverlap=True))
    counts = base.mark_bar(width=3.2).encode(
        x=x,
        y=alt.Y("count:Q", title="newly overdue"),
        color=alt.Color(
            "spike:N",
            title=None,
            scale=alt.Scale(domain=["usual", "spike put in"], range=[_BLUE, _RED]),
            legend=alt.Legend(orient="top"),
        ),
    )
    limit = (
        alt.Chart(alt.Data(values=[{"limit": example.limit}]))
        .mark_rule(color=_RED, strokeDash=[5, 4])
        .encode(y=alt.Y("limit:Q", title="−log₁₀ p"))
    )
    score = base.mark_line(interpolate="step-after", color="#333333", strokeWidth=1.4).encode(
        x=x, y=alt.Y("score:Q", title="−log₁₀ p")
    )
    return (
        alt.vconcat(
            counts.properties(width=600, height=150),
            alt.layer(limit, score).properties(width=600, height=110),
            spacing=10,
        )
        .resolve_scale(x="shared")
        .properties(title=example.caption)
    )


def _calibration(points: Sequence[tuple[str, float, float]]) -> Any:
    import altair as alt  # noqa: PLC0415

    values = [
        {"level": level, "nominal": nominal, "seen": seen} for level, nominal, seen in points if seen > 0
    ]
    low = min(nominal for _, nominal, _ in points)
    log = alt.Scale(type="log", domain=[low / 3, 1])
    decades = alt.Axis(values=[0.0001, 0.001, 0.01, 0.1, 1], format="~g")
    x = alt.X("nominal:Q", scale=log, title="p-value", axis=decades)
    y = alt.Y("seen:Q", scale=log, title="share of unit-workdays at or below", axis=decades)
    line = (
        alt.Chart(alt.Data(values=[{"nominal": low, "seen": low}, {"nominal": 1, "seen": 1}]))
        .mark_line(color=_GREY, strokeDash=[5, 4])
        .encode(x=x, y=y)
    )
    levels = list(dict.fromkeys(level for level, _, _ in points))
    colour = alt.Color(
        "level:N",
        title="overdue a day",
        sort=levels,
        scale=alt.Scale(domain=levels, range=list(_COLOURS)),
        legend=alt.Legend(orient="right"),
    )
    curves = (
        alt.Chart(alt.Data(values=values))
        .mark_line(point=True, strokeWidth=1.8)
        .encode(x=x, y=y, color=colour)
    )
    return alt.layer(line, curves).properties(
        width=300, height=280, title=f"{OWN}: p-values without any spike (dashed: as they say)"
    )


def _svg(chart: Any) -> str:
    chart = chart.configure(background="#ffffff").configure_axis(
        labelFontSize=11, titleFontSize=11, titleFontWeight="normal", labelColor="#222", titleColor="#222"
    )
    chart = chart.configure_title(fontSize=13, anchor="start").configure_view(stroke=None)
    return svg(chart) + "\n"
