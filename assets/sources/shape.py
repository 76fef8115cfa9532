"""A shape: how one kind of portal writes its files. Each reader exports its own; `shapes.py` lists them all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from assets.given.dates import Parser
from assets.given.headings import Vocabulary
from assets.sources.place import PlaceOf
from assets.sources.reading import Reading
from assets.sources.source import Source


@dataclass(frozen=True)
class Shape:
    """`suffixes` are the ends of names that its files may have, `kinds` what Dagster calls them.

    `read` takes the bytes, the source and the path of a file; `parse_dates` turns texts into local instants. `columns`
    gives for a source the canonical column of each name that the sender may use, by `texts.key`. `places` says where
    values stand in the bytes (None: they are gone) of a file of dossiers or steps. `vocabulary`: the headings of a list,
    to which an office may add; None where fields have fixed names. `may_be_period`: a file may say for which days of
    reception it is complete.
    """

    name: str
    suffixes: tuple[str, ...]
    kinds: frozenset[str]
    read: Callable[[bytes, Source, str], Reading]
    parse_dates: Parser
    columns: Callable[[Source], Mapping[str, str]]
    places: Callable[[bytes | None, Source, str | None], PlaceOf]
    vocabulary: Vocabulary | None = None
    may_be_period: bool = False
