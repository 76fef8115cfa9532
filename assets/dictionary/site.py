"""The dictionary as one page of HTML that works from a folder, without a network: a search box, and every object below it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from assets.dictionary.entries import Entry
from assets.dictionary.page import from_where, unit_in_words
from assets.given.texts import plain

_FOLDER = Path(__file__).parent


def site_of(entries: Sequence[Entry]) -> str:
    """Returns the page; nothing in it is fetched from elsewhere."""
    environment = Environment(
        loader=FileSystemLoader(_FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"plain": plain, "from_where": from_where, "unit": unit_in_words}
    return environment.get_template("site.html.jinja").render(entries=entries)
