"""The page's two charts as SVG. `templates/page.js` draws the same for a chosen unit or sector, to the letter.

Coordinates are whole numbers, tenths of a picture point, so that both come to the same.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from assets.drawing.ticks import tick_step
from assets.reports.reading.figures import ENGLISH

_WIDTH, _LEFT, _RIGHT, _TOP = 4200, 520, 40, 90
_STOCK_HEIGHT, _FLOW_HEIGHT, _FOOT = 1300, 1300, 300
#: How English names a day of a chart, by whether each is the first of a month.
_ENGLISH_DAYS = {True: "%b %Y", False: "%d %b"}

Number = Callable[[int], str]


def draw_stock(
    stock: Sequence[int], marks: Sequence[tuple[int, str]], gaps: Sequence[int], number: Number
) -> str:
    """Returns a stock at the end of each day.

    `marks`: which days are named; `gaps`: days that rest on an incomplete feed.
    """
    base = _TOP + _STOCK_HEIGHT
    step = tick_step(max(stock))
    most = max(step, -(-max(stock) // step) * step)
    parts = [_grid(base - value * _STOCK_HEIGHT // most, number(value)) for value in range(0, most + 1, step)]
    path = "".join(
        f"V{base - value * _STOCK_HEIGHT // most}H{_x(i + 1, len(stock))}" for i, value in enumerate(stock)
    )
    parts.append(f'<path class="area" d="M{_LEFT} {base}{path}V{base}Z"/>')
    parts.append(f'<path class="line" d="M{_LEFT} {base - stock[0] * _STOCK_HEIGHT // most}{path}"/>')
    return _picture(parts, base, len(stock), marks, gaps)


def draw_flow(
    new: Sequence[int],
    cleared: Sequence[int],
    marks: Sequence[tuple[int, str]],
    gaps: Sequence[int],
    number: Number,
) -> str:
    """Returns what a stock gains each day, up, and what it loses, down."""
    step = tick_step(max(*new, *cleared))
    most = max(step, -(-max(*new, *cleared) // step) * step)
    half = _FLOW_HEIGHT // 2
    zero, base = _TOP + half, _TOP + 2 * half
    parts = [_grid(zero - value * half // most, number(abs(value))) for value in range(-most, most + 1, step)]
    for kind, values in (("new", new), ("cleared", cleared)):
        bars = "".join(
            _bar(i, value * half // most, kind, zero, len(values)) for i, value in enumerate(values)
        )
        parts.append(f'<path class="{kind}" d="{bars}"/>')
    return _picture(parts, base, len(new), marks, gaps)


def marks_of(days: Sequence[date], lang: str, most: int = 6) -> list[tuple[int, str]]:
    """Returns which days are named: the first of months, or every so many days of a short period.

    English names the month by its word: 01/03/23 is the third of January to many who read it.
    """
    firsts = [i for i, day in enumerate(days) if day.day == 1]
    by_month = len(firsts) > 1
    if not by_month:
        firsts = list(range(len(days)))
    written = _ENGLISH_DAYS[by_month] if lang == ENGLISH else "%d/%m/%y"
    every = -(-len(firsts) // most)
    return [(i, f"{days[i]:{written}}") for i in firsts[::every] if i < len(days) * 0.93]


def _bar(i: int, height: int, kind: str, zero: int, days: int) -> str:
    if not height:
        return ""
    left, right = _x(i, days), _x(i + 1, days)
    wide = max(10, (right - left) * 8 // 10)
    return f"M{left} {zero}v{-height if kind == 'new' else height}h{wide}V{zero}Z"


def _x(i: int, days: int) -> int:
    return _LEFT + i * (_WIDTH - _LEFT - _RIGHT) // days


def _grid(y: int, label: str) -> str:
    return (
        f'<path class="grid" d="M{_LEFT} {y}H{_WIDTH - _RIGHT}"/>'
        f'<text class="scale" x="{_LEFT - 50}" y="{y + 38}">{label}</text>'
    )


def _picture(
    parts: Sequence[str], base: int, days: int, marks: Sequence[tuple[int, str]], gaps: Sequence[int]
) -> str:
    named = "".join(
        f'<text class="when" x="{_x(i, days)}" y="{base + 200}">{label}</text>' for i, label in marks
    )
    missing = "".join(
        f"M{_x(i, days)} {base + 20}h{max(10, _x(i + 1, days) - _x(i, days))}v40H{_x(i, days)}Z" for i in gaps
    )
    gap = f'<path class="gap" d="{missing}"/>' if gaps else ""
    return (
        f'<svg class="plot" viewBox="0 0 {_WIDTH} {base + _FOOT}" aria-hidden="true" focusable="false">'
        f"{''.join(parts)}{gap}{named}</svg>"
    )
