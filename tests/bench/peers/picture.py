"""The picture of the page: each measured work as a multiple of its aim."""

from __future__ import annotations

from typing import Any

from assets.drawing.svg import svg
from tests.bench.peers.aims import aims

_REACHED, _MISSED = "#4c78a8", "#e45756"


def picture(content: dict[str, Any]) -> str:
    """Returns SVG: a bar for each work, 1 is the aim, shorter is better."""
    import altair as alt

    about = content["about"]
    listed = aims(about["dossiers"], about["changes"], about["lists"])
    shares = [(aim, aim.share(content["figures"])) for aim in listed]
    values = [
        {"work": aim.title.replace("`", ""), "of_aim": share / aim.limit}
        for aim, share in shares
        if share is not None
    ]
    scale = alt.Scale(type="log", domainMin=0.05)
    y = alt.Y("work:N", title=None, sort=None, axis=alt.Axis(labelLimit=460))
    base = alt.Chart(alt.Data(values=values)).encode(y=y)
    points = base.mark_point(filled=True, size=90, opacity=1).encode(
        x=alt.X("of_aim:Q", title="times the aim (logarithmic); left of the line it is reached", scale=scale),
        color=alt.condition("datum.of_aim <= 1", alt.value(_REACHED), alt.value(_MISSED)),
    )
    numbers = base.mark_text(align="left", dx=9).encode(
        x=alt.X("of_aim:Q", scale=scale), text=alt.Text("of_aim:Q", format=".2f")
    )
    aim_line = (
        alt.Chart(alt.Data(values=[{"one": 1}])).mark_rule(color="#222", strokeDash=[4, 3]).encode(x="one:Q")
    )
    chart = alt.layer(aim_line, points, numbers).properties(width=420, height=22 * max(1, len(values)))
    # Where a reader has wider letters than those measured here, labels are longer.
    chart = chart.configure(background="#ffffff", padding={"left": 60, "top": 6, "right": 30, "bottom": 6})
    chart = chart.configure_view(stroke=None)
    chart = chart.configure_axis(
        labelFontSize=11, titleFontSize=11, titleFontWeight="normal", labelColor="#222"
    )
    return svg(chart) + "\n"
