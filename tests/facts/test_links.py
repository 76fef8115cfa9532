"""Links: under which code a dossier was filed at each moment, and what hangs together."""

from __future__ import annotations

from typing import Any

import polars as pl

from assets.facts.links import components_of, filed_under
from tests.facts.rows import frame, shown

_MOMENTS = frame("dossier_code known_from", ("P", "17 18:30"), ("N", "18 18:30"))
_LINK = frame("dossier_code other_code known_from", ("N", "P", "18 18:30"))
_NO_LINK = _LINK.clear()


def _filed(moments: pl.DataFrame, links: pl.DataFrame, statements: pl.DataFrame) -> list[tuple[Any, ...]]:
    return sorted(shown(filed_under(moments, links, statements), "dossier_code known_from filed_as group"))


def test_linked_codes_hang_together_whichever_side_names_the_other() -> None:
    links = frame("dossier_code other_code", ("B", "C"), ("A", "B"), ("Y", "X"))
    assert shown(components_of(links), "dossier_code root") == [
        ("A", "A"),
        ("B", "A"),
        ("C", "A"),
        ("X", "X"),
        ("Y", "X"),
    ]


def test_a_long_chain_of_codes_is_one_dossier() -> None:
    codes = [f"C{n:02}" for n in range(20)]
    links = frame("dossier_code other_code", *zip(codes[1:], codes, strict=False))
    assert set(components_of(links)["root"]) == {"C00"}


def test_without_links_each_dossier_is_filed_under_its_own_code() -> None:
    statements = frame(
        "dossier_code known_from is_provincial", ("P", "17 18:30", True), ("N", "18 18:30", False)
    )
    assert _filed(_MOMENTS, _NO_LINK, statements) == [
        ("N", "18 18:30", "N", "N"),
        ("P", "17 18:30", "P", "P"),
    ]


def test_from_the_moment_of_the_link_both_codes_are_filed_under_that_of_the_province() -> None:
    statements = frame(
        "dossier_code known_from is_provincial", ("P", "17 18:30", True), ("N", "17 18:30", False)
    )
    assert _filed(_MOMENTS, _LINK, statements) == [
        ("N", "17 18:30", "N", "N"),
        ("N", "18 18:30", "P", "N"),
        ("P", "17 18:30", "P", "N"),
        ("P", "18 18:30", "P", "N"),
    ]


def test_while_the_province_has_not_said_anything_the_known_code_is_preferred_to_one_that_is_only_named() -> (
    None
):
    moments = frame("dossier_code known_from", ("N", "18 18:30"))
    link = frame("dossier_code other_code known_from", ("N", "B", "18 18:30"))
    statements = frame("dossier_code known_from is_provincial", ("N", "18 18:30", False))
    assert _filed(moments, link, statements) == [("B", "18 18:30", "N", "B"), ("N", "18 18:30", "N", "B")]


def test_two_codes_of_the_province_are_filed_under_the_first() -> None:
    moments = frame("dossier_code known_from", ("B", "18 18:30"))
    link = frame("dossier_code other_code known_from", ("B", "A", "18 18:30"))
    statements = frame(
        "dossier_code known_from is_provincial", ("A", "17 18:30", True), ("B", "18 18:30", True)
    )
    assert {filed for *_, filed, _ in _filed(moments, link, statements)} == {"A"}


def test_a_code_that_names_itself_is_one_dossier() -> None:
    moments = frame("dossier_code known_from", ("A", "17 18:30"))
    link = frame("dossier_code other_code known_from", ("A", "A", "17 18:30"))
    statements = frame("dossier_code known_from is_provincial", ("A", "17 18:30", True))
    assert _filed(moments, link, statements) == [("A", "17 18:30", "A", "A")]
