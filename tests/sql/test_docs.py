"""Pages of the docs that are made from warehouse and catalogue say what they say.

MOTCUA_RENEW_SNAPSHOTS=1 (`make docs`) writes them.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

from sqlalchemy import Engine, text

from assets.dictionary.entries import read_entries
from assets.dictionary.page import dictionary_pages
from assets.reports.reading.indicators import indicator_page
from assets.reports.reading.rule_sets import rule_set_page
from assets.sources.attribute_page import attribute_page
from assets.sources.canonical import DOSSIER_ATTRIBUTES, STEP_ATTRIBUTES
from quality.catalogue import load_rules
from quality.page import CATEGORIES, rule_page

_DOCS = Path(__file__).parents[2] / "docs"


def test_the_page_on_rule_sets_is_that_of_the_warehouse(warehouse: Engine) -> None:
    page, file = rule_set_page(warehouse), _DOCS / "rule-sets.md"
    if os.environ.get("MOTCUA_RENEW_SNAPSHOTS"):
        file.write_text(page, encoding="utf-8")
    assert page.count("rule_sets.py): ") >= 4
    assert file.read_text(encoding="utf-8") == page


def test_the_page_on_indicators_is_that_of_the_warehouse(warehouse: Engine) -> None:
    page, file = indicator_page(warehouse), _DOCS / "indicators.md"
    if os.environ.get("MOTCUA_RENEW_SNAPSHOTS"):
        file.write_text(page, encoding="utf-8")
    assert page.count("QĐ 766/QĐ-TTg, chỉ số") == 8
    assert file.read_text(encoding="utf-8") == page


def test_the_page_on_attributes_is_that_of_the_list() -> None:
    page, file = attribute_page(), _DOCS / "reference" / "attributes.md"
    if os.environ.get("MOTCUA_RENEW_SNAPSHOTS"):
        file.write_text(page, encoding="utf-8")
    assert page.count("\n| `") == len(DOSSIER_ATTRIBUTES) + len(STEP_ATTRIBUTES)
    assert file.read_text(encoding="utf-8") == page


def test_the_pages_of_the_dictionary_are_those_of_the_warehouse(warehouse: Engine) -> None:
    folder = _DOCS / "dictionary"
    with warehouse.connect() as connection:
        entries = read_entries(connection)
    pages = dictionary_pages(entries)
    if os.environ.get("MOTCUA_RENEW_SNAPSHOTS"):
        folder.mkdir(exist_ok=True)
        for name, page in pages.items():
            (folder / name).write_text(page, encoding="utf-8")
    assert {file.name for file in folder.glob("*.md")} == set(pages)
    assert [name for name, page in pages.items() if (folder / name).read_text(encoding="utf-8") != page] == []


def test_the_page_on_rules_is_that_of_the_catalogue() -> None:
    page, file = rule_page(), _DOCS / "rules.md"
    if os.environ.get("MOTCUA_RENEW_SNAPSHOTS"):
        file.write_text(page, encoding="utf-8")
    assert list(CATEGORIES) == [name for name in CATEGORIES if f"## {name}: " in page]
    assert "| `clock_ahead` | refuse | file |" in page
    for rule in [rule for rule in load_rules() if rule.scope != "file"]:
        link = f"../quality/rules/{rule.id}.sql"
        assert page.count(f"({link})") == 1, rule.id
        assert (_DOCS / link).is_file(), rule.id
    assert file.read_text(encoding="utf-8") == page


def test_every_object_on_the_page_of_what_to_ask_exists(warehouse: Engine) -> None:
    page = (_DOCS / "reference" / "warehouse.md").read_text(encoding="utf-8")
    heads = re.findall(r"^\| (`.*?) \|", page, re.M)
    named = {name for head in heads for name in re.findall(r'`(vi\."[^"]+"|[a-z0-9_.]+)', head)}
    with warehouse.connect() as connection:
        missing = [
            name
            for name in sorted(named)
            if not connection.scalar(
                text("select to_regclass(:name) is not null or to_regproc(:name) is not null"), {"name": name}
            )
        ]
    assert len(named) > 30
    assert not missing
