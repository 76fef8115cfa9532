"""Pages as HTML: templates with the blocks, texts and addresses that they need."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from assets.board.blocks import Days
from assets.board.choice import Choice
from assets.board.listing import Column, Shown
from assets.board.reading import Row
from assets.board.words import NUMBERS, Words
from assets.reports.page.draw import draw_flow, draw_stock, marks_of
from warehouse_sql.messages import spoken

_TEMPLATES = Path(__file__).with_name("templates")
#: How an address of the board is written on a page; a folder of pages has files in place of addresses, or none.
Address = Callable[[str], str | None]


@dataclass(frozen=True)
class View:
    """What templates ask while they draw a page: `here` is the path of the page, `choice` what it shows."""

    choice: Choice
    here: str
    w: Words
    address: Address
    is_static: bool = False
    may_acknowledge: bool = False
    csrf: str = ""

    @property
    def lang(self) -> str:
        """The language of the page."""
        return self.choice.lang

    @property
    def empties(self) -> Mapping[str, str]:
        """Returns the sentences that stand in place of a list without rows, by the name of the list."""
        texts: Mapping[str, str] = self.w["empty"]
        return texts

    def title(self, shown: Shown) -> str:
        """Returns the title of a list: that of its figure where it has one."""
        if shown.listing.name == "form":
            figure = self.choice.more.get("figure", "pending_overdue")
            return self.w.say("lists.form", figure=self.w[f"figures.{figure}"])
        if shown.listing.name == "indicator_dossier":
            part = self.w[f"columns.{self.choice.more.get('figure', 'numerator')}"]
            return self.w.say(
                "lists.indicator_dossier", part=part, indicator=self.choice.more.get("kind", "2.1")
            )
        return str(self.w[f"lists.{shown.listing.name}"])

    def opened(self, column: Column, row: Row) -> str | None:
        """Returns what a click on a cell opens, None where it opens nothing."""
        address = column.opens(row, self.choice) if column.opens else None
        return self.address(address) if address else None

    def sum_opened(self, column: Column, shown: Shown) -> str | None:
        """Returns the list behind a sum below a table: that of a row's figure, of all that is chosen."""
        address = column.opens(shown.sums, self.choice) if column.opens else None
        return self.address(address) if address else None

    def spoken(self, text: str) -> str:
        """Returns a stored Vietnamese sentence in the language of the page."""
        return spoken(text)

    def way(self, shown: Shown, column: Column) -> str | None:
        """Returns how a list is ordered by a column, as ARIA says it; None where it is not."""
        if shown.order.removeprefix("-") != column.source("vi"):
            return None
        return "descending" if shown.order.startswith("-") else "ascending"

    def sorted_by(self, shown: Shown, column: Column) -> str:
        """Returns the address of the list in the order of a column; of the column it has, the other way round."""
        name = column.source("vi")
        first = f"-{name}" if column.kind in NUMBERS else name
        order = (
            first
            if shown.order != first
            else first.removeprefix("-")
            if first.startswith("-")
            else f"-{first}"
        )
        return (
            self.choice.having(list=shown.listing.name, sort=order).address(self.here)
            + f"#{shown.listing.name}"
        )

    def next(self, shown: Shown) -> str:
        """Returns the address of the next page of the list."""
        return self.choice.having(list=shown.listing.name, after=shown.following).address(self.here)

    def file(self, shown: Shown, ending: str) -> str | None:
        """Returns the address of the whole list as a file."""
        return self.address(
            self.choice.having(list=shown.listing.name).address(f"/tep/{shown.listing.name}.{ending}")
        )

    def chart(self, block: Days) -> dict[str, Any]:
        """Returns both pictures of a stock, and what they show in words."""
        marks = marks_of(block.days, self.lang)
        highest = max(range(len(block.days)), key=lambda place: (block.stock[place], -place))

        def number(value: int) -> str:
            return self.w.value(value, "count")

        return {
            "stock": Markup(draw_stock(block.stock, marks, [], number)),
            "flow": Markup(draw_flow(block.came, block.went, marks, [], number)),
            "says": self.w.say(
                f"charts.{block.name}.says",
                first=block.stock[0],
                first_day=block.days[0],
                last=block.stock[-1],
                last_day=block.days[-1],
                most=block.stock[highest],
                most_day=block.days[highest],
            ),
        }


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,  # names come from exports
        undefined=StrictUndefined,
        auto_reload=False,  # a running board keeps its pages while an upgrade replaces their templates
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals |= {"numbers": NUMBERS}
    return environment


def draw(template: str, context: Mapping[str, Any]) -> str:
    """Returns a page: templates/`template` with its context."""
    return _environment().get_template(template).render(context)


def draw_alone(template: str, shown: Mapping[str, object]) -> str:
    """Returns a page that shows nothing of the warehouse, such as that of the login, in the frame of the board."""
    lang = str(shown["lang"])
    frame: dict[str, Any] = {
        "w": Words(lang),
        "root": "/",
        "home": Choice(lang=lang).address("/"),
        "nav": [],
        "published": None,
        "is_static": False,
        "account": None,
        "other_language": None,
    }
    return draw(template, {**frame, **shown})
