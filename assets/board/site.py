"""Pages of the board by their addresses: what is chosen is read, the blocks are asked for, and the page is drawn.

Here: one page for one address, as a server and a folder of pages both want it. Not here: HTTP (`app.py`), the folder
(`folder.py`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from typing import Any
from urllib.parse import unquote

from assets.board.blocks import Block, List
from assets.board.card import Card, read_card
from assets.board.choice import Choice, ChoiceError, read_choice
from assets.board.drawing import Address, View, draw
from assets.board.links import CARD, LIST, TIMELINESS, card_address, unit_of
from assets.board.listing import read_listing
from assets.board.lists import LISTS
from assets.board.pages import KNOWN_ON, PAGES, PERIOD, Page
from assets.board.reading import NotKeptError, Reader, Row, TooSlowError
from assets.board.stated import stated
from assets.board.words import Words
from warehouse_sql.messages import LANGUAGES, message, speak
from warehouse_sql.vietnam_time import VIETNAM

SEARCH = "/tim"
_PAGE_AT = {page.path: page for page in PAGES}
_MOST_MATCHES = 20


class NoSuchPageError(LookupError):
    """There is nothing at an address. The message is one Vietnamese sentence."""


@dataclass(frozen=True)
class Person:
    """Who looks: the name, whether it is that of an account that can log out, and what this person may do."""

    name: str | None = None
    has_account: bool = False
    may_acknowledge: bool = False
    csrf: str = ""


@dataclass(frozen=True)
class Shown:
    """A page as HTML; `dossier_code`: whose card it is, None for other pages."""

    html: str
    dossier_code: str | None = None


@dataclass(frozen=True)
class Surroundings:
    """Where pages stand: behind a server, or in a folder, where addresses become files and nothing can be sent."""

    address: Address = lambda address: address
    root: str = "/"
    is_static: bool = False


def page(reader: Reader, path: str, query: Mapping[str, str], person: Person, around: Surroundings) -> Shown:
    """Returns the page of an address.

    Raises NoSuchPageError, and ChoiceError for what can't be chosen.
    """
    choice = settled(reader, read_choice(query))
    speak("en" if choice.lang == "en" else "vi")
    words = Words(choice.lang)
    view = View(choice, path, words, around.address, around.is_static, person.may_acknowledge, person.csrf)
    if path in _PAGE_AT:
        return Shown(_plain_page(reader, _PAGE_AT[path], view, person, around))
    if path == LIST:
        return Shown(_list_page(reader, view, person, around))
    if path == SEARCH:
        return Shown(_search_page(reader, view, person, around))
    if path.startswith(f"{CARD}/"):
        return _card_page(reader, unquote(path.removeprefix(f"{CARD}/")), view, person, around)
    raise NoSuchPageError(message("Không có trang {path}.", path=path))


def given(reader: Reader, path: str, query: Mapping[str, str], person: Person, around: Surroundings) -> Shown:
    """Returns the page of an address: that of the state before while those of the reader's own are prepared and take long.

    Raises what `page` raises.
    """
    address = (path, frozenset(query.items()))
    if reader.before and not (prepared := reader.before.kept.prepared).is_ahead(address):
        with suppress(NotKeptError, NoSuchPageError, ChoiceError):
            before = page(reader.before, path, query, person, around)
            with suppress(TooSlowError), reader.within(prepared.at_once_seconds) as hurried:
                new = page(hurried, path, query, person, around)
                prepared.go_ahead(address)
                return new
            return before
    return page(reader, path, query, person, around)


def settled(reader: Reader, choice: Choice) -> Choice:
    """Returns the choice with its period: up to the last day counted, from the first day of that reporting year.

    Raises ChoiceError for a rule set that marts do not have.
    """
    if choice.rule_set not in {row["rule_set"] for row in reader.rows("board/rule_set.sql")}:
        raise ChoiceError(message("Không có bộ quy tắc “{rule_set}”.", rule_set=choice.rule_set))
    last = choice.date_to or _horizon(reader, choice) or date.today()
    first = choice.date_from or _first_of_year(last)
    return replace(choice, date_from=min(first, last), date_to=last)


def _horizon(reader: Reader, choice: Choice) -> date | None:
    """Returns the last day that figures count, as known on the day that is chosen."""
    if choice.known_at is None:
        return reader.published.horizon
    (known,) = reader.ask(
        "select mart.horizon(cast(:known_at as timestamptz)) as horizon", {"known_at": choice.known_at}
    )
    last: date | None = known["horizon"]
    return last


def _first_of_year(day: date) -> date:
    """Returns 15/12 of the year before, or of this year from then on: reporting years begin there."""
    begins = date(day.year, 12, 15)
    return begins if day >= begins else date(day.year - 1, 12, 15)


def _plain_page(reader: Reader, asked: Page, view: View, person: Person, around: Surroundings) -> str:
    blocks = asked.blocks(reader, view.choice, view.w)
    context = _context(reader, view, person, around) | {
        "title": view.w[f"pages.{asked.name}"],
        "path": _path(reader, view) if asked.path != "/" else [],
        "controls": asked.controls,
        "hidden": _hidden(view.choice, asked.controls),
        "periods": _periods(reader, view) if PERIOD in asked.controls and not around.is_static else [],
        "basis": _basis(reader, view, asked.controls),
        "blocks": blocks,
    }
    return draw("trang.html.jinja", context)


def _list_page(reader: Reader, view: View, person: Person, around: Surroundings) -> str:
    name = view.choice.more.get("list", "")
    if name not in LISTS:
        raise NoSuchPageError(message("Không có danh sách “{name}”.", name=name))
    listing = LISTS[name]
    shown = read_listing(reader, listing, view.choice)
    controls = (PERIOD, "unit", "rule_set", *([KNOWN_ON] if listing.has_both_times else []))
    blocks: list[Block] = [List(shown)]
    context = _context(reader, view, person, around) | {
        "title": view.title(shown),
        "path": _path(reader, view),
        "controls": controls,
        "hidden": _hidden(view.choice, controls),
        "periods": [],
        "basis": _basis(reader, view, controls),
        "blocks": blocks,
    }
    return draw("trang.html.jinja", context)


def _search_page(reader: Reader, view: View, person: Person, around: Surroundings) -> str:
    asked = view.choice.more.get("words", "").strip()
    matches = reader.rows("board/search.sql", words=asked, most=_MOST_MATCHES) if asked else []
    context = _context(reader, view, person, around) | {
        "title": view.w["search.title"],
        "asked": asked,
        "found": [
            dict(row) | {"address": around.address(card_address(row["dossier_code"], view.choice))}
            for row in matches
        ],
        "most": _MOST_MATCHES,
    }
    return draw("tim.html.jinja", context)


def _card_page(reader: Reader, code: str, view: View, person: Person, around: Surroundings) -> Shown:
    card: Card | None = read_card(reader, code, view.choice)
    if card is None:
        raise NoSuchPageError(
            message("Không có hồ sơ “{code}”, hoặc bạn không được xem hồ sơ này.", code=code)
        )
    statuses = reader.ask("select * from mart.status", {})
    channels = reader.ask("select * from mart.channel", {})
    sources = reader.ask("select * from mart.source", {})
    code = card.dossier["dossier_code"]
    context = _context(reader, view, person, around) | {
        "title": view.w.say("card.title", code=code),
        "card": card,
        "statuses": {row["status"]: row[f"status_name_{view.lang}"] for row in statuses},
        "stated": stated,
        "channels": {row["channel"]: row[f"channel_name_{view.lang}"] for row in channels},
        "sources": {row["source"]: row[f"source_name_{view.lang}"] for row in sources},
        "portals": {row["source"]: row["portal"] for row in sources},
        "controls": (KNOWN_ON,),
        "hidden": _hidden(view.choice, (KNOWN_ON,)),
    }
    return Shown(draw("ho-so.html.jinja", context), code)


def _context(reader: Reader, view: View, person: Person, around: Surroundings) -> dict[str, Any]:
    choice, words = view.choice, view.w
    other = next(lang for lang in LANGUAGES if lang != choice.lang)
    updated = reader.published.updated_at
    return {
        "view": view,
        "w": words,
        "lang": choice.lang,
        "choice": choice,
        "here": view.here,
        "root": around.root,
        "is_static": around.is_static,
        "home": around.address(Choice(lang=choice.lang).address("/")) or "",
        "nav": _navigation(view, around),
        "published": reader.published,
        "updated": updated.astimezone(VIETNAM) if updated else None,
        "other_lang": other,
        "other_language": replace(choice, lang=other).address(view.here),
        "account": person.name if person.has_account else None,
        "csrf": person.csrf,
        "rule_sets": reader.rows("board/rule_set.sql"),
        "unit_choices": [] if around.is_static else _unit_choices(reader, words),
    }


def _navigation(view: View, around: Surroundings) -> list[dict[str, Any]]:
    """Returns the pages, with what is chosen on this one as far as they have it."""
    items = []
    for each in PAGES:
        chosen = replace(view.choice, sector=None, procedure=None, more={}, unit_view="as_received")
        if KNOWN_ON not in each.controls:
            chosen = replace(chosen, known_on=None)
        address = around.address(
            Choice(lang=view.lang).address(each.path) if around.is_static else chosen.address(each.path)
        )
        items.append(
            {"title": view.w[f"pages.{each.name}"], "address": address, "is_here": each.path == view.here}
        )
    return items


def _hidden(choice: Choice, controls: Sequence[str]) -> list[tuple[str, str]]:
    """Returns what is chosen and has no control on the page, so that a form does not lose it."""
    shown = {"date_from", "date_to"} if PERIOD in controls else set()
    shown |= set(controls)
    kept = [(name, str(value)) for name in ("sector", "procedure") if (value := getattr(choice, name))]
    if choice.lang != "vi":
        kept.append(("lang", choice.lang))
    if "unit" not in shown and choice.unit:
        kept.append(("unit", choice.unit))
    return kept + [(name, value) for name, value in sorted(choice.more.items()) if name != "after"]


def _unit_choices(reader: Reader, words: Words) -> list[dict[str, Any]]:
    """Returns units by the list and level they belong to."""

    def group(row: Row) -> tuple[date, str]:
        return row["valid_from"], row["level"]

    return [
        {
            "title": words.say("controls.units_of", level=words[f"levels.{level}"], valid_from=valid_from)
            if valid_from.year > 1900
            else words.say("controls.old_units_of", level=words[f"levels.{level}"]),
            "units": [
                {"value": unit_of(row["unit_code"], row["valid_from"]), "name": row["unit_name"]}
                for row in rows
            ],
        }
        for (valid_from, level), rows in groupby(reader.rows("board/unit_choice.sql"), key=group)
    ]


def _periods(reader: Reader, view: View) -> list[dict[str, Any]]:
    """Returns the reporting month, quarter and year of the last day counted, and the months before, to choose at once."""
    rows = reader.rows("board/period.sql", day=reader.published.horizon)
    return [
        {
            "title": view.w.say(f"periods.{row['kind']}", number=row["number"], year=row["year"]),
            "address": view.choice.having(date_from=row["date_from"], date_to=row["date_to"]).address(
                view.here
            ),
        }
        for row in rows
    ]


def _basis(reader: Reader, view: View, controls: Sequence[str]) -> str:
    """Returns what the figures of a page rest on: period, units, rule set, moment of knowledge."""
    choice, words = view.choice, view.w
    parts = []
    if PERIOD in controls:
        parts.append(words.say("basis.period", first=choice.date_from, last=choice.date_to))
    if "rule_set" in controls:
        parts.append(words.say("basis.rule_set", title=_rule_set(reader, choice)))
    if KNOWN_ON in controls and choice.known_on:
        parts.append(words.say("basis.known_on", day=choice.known_on))
    elif KNOWN_ON not in controls:
        parts.append(words.say("basis.today", horizon=reader.published.horizon))
    else:
        parts.append(words["basis.now"])
    basis = "; ".join(parts)
    return f"{basis[:1].upper()}{basis[1:]}."


def _rule_set(reader: Reader, choice: Choice) -> str:
    rows = {row["rule_set"]: row for row in reader.rows("board/rule_set.sql")}
    return str(rows[choice.rule_set][f"title_{choice.lang}"])


def _path(reader: Reader, view: View) -> list[dict[str, Any]]:
    """Returns the way from all units down to what is chosen."""
    choice = replace(view.choice, more={})
    base = replace(choice, unit=None, sector=None, procedure=None)
    steps: list[tuple[str, Choice]] = [(view.w["controls.all_units"], base)]
    if choice.unit:
        for row in reader.rows(
            "board/unit_path.sql", code=choice.unit_code, valid_from=choice.unit_valid_from
        ):
            base = replace(base, unit=unit_of(row["unit_code"], row["valid_from"]))
            steps.append((row["unit_name"], base))
    if choice.sector:
        base = replace(base, sector=choice.sector)
        steps.append((_sector_name(reader, choice.sector), base))
    shown = [{"title": title, "address": view.address(step.address(TIMELINESS))} for title, step in steps]
    if choice.procedure:
        shown.append({"title": choice.procedure, "address": None})
    return shown if len(shown) > 1 else []


def _sector_name(reader: Reader, code: str) -> str:
    rows = reader.ask(
        "select min(p.sector_name) as name from mart.procedure as p where p.sector_code = :code",
        {"code": code},
    )
    return str(rows[0]["name"] or code)
