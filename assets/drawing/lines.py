"""A small chart of lines by day as SVG that stands alone: nothing is started or imported to draw what every night shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from html import escape

from assets.drawing.fonts import FAMILY
from assets.drawing.ticks import tick_step

_WIDTH, _HEIGHT = 640, 180
_LEFT, _RIGHT, _TOP, _FOOT = 60, 10, 26, 22
_LEGEND = 110
_MOST_MARKS = 8


def draw_lines(days: Sequence[date], lines: Mapping[str, tuple[str, Sequence[int]]], unit: str) -> str:
    """Returns the lines, each by name with its colour and a number a day; `unit` is what they count. Days are ascending."""
    step = tick_step(max((max(values, default=0) for _, values in lines.values()), default=0))
    most = step * max(1, *(-(-max(values, default=0) // step) for _, values in lines.values()))
    across = max(1, len(days) - 1)

    def x(place: int) -> float:
        return round(_LEFT + place * _WIDTH / across, 1)

    def y(value: int) -> float:
        return round(_TOP + _HEIGHT - value * _HEIGHT / most, 1)

    parts = [
        f'<path d="M{_LEFT} {y(value)}h{_WIDTH}" stroke="#ddd"/>'
        f'<text x="{_LEFT - 6}" y="{y(value) + 4}" text-anchor="end">{_written(value)}</text>'
        for value in range(0, most + 1, step)
    ]
    parts += [
        f'<text x="{x(place)}" y="{_TOP + _HEIGHT + 16}" text-anchor="middle">{days[place]:%d/%m}</text>'
        for place in range(0, len(days), -(-len(days) // _MOST_MARKS) or 1)
    ]
    middle = _TOP + _HEIGHT // 2
    parts.append(
        f'<text transform="translate(12 {middle}) rotate(-90)" text-anchor="middle">{escape(unit)}</text>'
    )
    for number, (name, (colour, values)) in enumerate(lines.items()):
        points = " ".join(f"{x(place)},{y(value)}" for place, value in enumerate(values))
        start = _LEFT + number * _LEGEND
        parts.append(
            f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="1.5"/>'
            f'<path d="M{start} 10h16" stroke="{colour}" stroke-width="2"/><text x="{start + 21}" y="14">{escape(name)}</text>'
        )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_LEFT + _WIDTH + _RIGHT}" height="{_TOP + _HEIGHT + _FOOT}"'
        f' font-family="{FAMILY}, sans-serif" font-size="11" fill="#222">{"".join(parts)}</svg>'
    )


def _written(value: int) -> str:
    """Returns 4.000: thousands as Vietnamese writes them."""
    return f"{value:,}".replace(",", ".")
