"""The catalogues of words of reports: one a language, with the same keys and the same values to put in."""

from __future__ import annotations

import ast
import re
import string
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from assets import reports
from assets.exports.completeness import FEED_STATUSES
from assets.reports.reading.figures import ENGLISH, LANGUAGES, VIETNAMESE
from assets.reports.words import texts as catalogue
from assets.reports.words import wording
from assets.reports.words.form_texts import FormWords
from assets.reports.words.texts import Count, Manner, texts

_REPORTS = Path(reports.__file__).parent
_VIETNAMESE = re.compile(
    "[àáạảãâầấậẩẫăằắặẳẵèéẹẻẽêềếệểễìíịỉĩòóọỏõôồốộổỗơờớợởỡùúụủũưừứựửữỳýỵỷỹđ]", re.IGNORECASE
)
_FOLDER = Path(catalogue.__file__).with_name("texts")
#: Form II.06, whose Vietnamese words are official and go beside the English ones.
_IN_A_SINGLE_LANGUAGE = (
    "official_form.",
    "form.groups.",
    "form.columns.",
    "sealed.form_groups.",
    "sealed.form_heads.",
)


def _leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _leaves(inner, f"{path}{name}.")
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from _leaves(inner, f"{path}{place}.")
    else:
        yield path, value


def _asked(words: object) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(str(words)) if name}


def test_there_is_one_catalogue_a_language() -> None:
    assert sorted(file.name for file in _FOLDER.iterdir()) == sorted(f"{lang}.yaml" for lang in LANGUAGES)


def test_both_have_the_same_keys() -> None:
    vietnamese, english = (dict(_leaves(texts(lang))) for lang in (VIETNAMESE, ENGLISH))
    assert len(vietnamese) > 500
    only = sorted(
        path for path in english.keys() ^ vietnamese.keys() if not path.startswith(_IN_A_SINGLE_LANGUAGE)
    )
    assert only == []
    different = [
        path
        for path in english.keys() & vietnamese.keys()
        if _asked(english[path]) != _asked(vietnamese[path]) and not path.startswith("numbers.")
    ]
    assert different == []


def test_whatever_a_feed_lacks_and_every_kind_of_change_has_words() -> None:
    for lang in LANGUAGES:
        words = FormWords(lang)
        assert all(words.feed_status(status) for status in FEED_STATUSES)
        kinds = [words.kind(kind) for kind in (*wording.EDITED_KINDS, *wording.PORTAL_KINDS)]
        assert len(set(kinds)) == len(kinds)


def test_a_word_that_stands_in_several_places_is_written_once() -> None:
    for lang in LANGUAGES:
        source = (_FOLDER / f"{lang}.yaml").read_text(encoding="utf-8")
        marked = re.findall(r"(?<=[ \[])&(\w+) ", source)
        assert len(set(marked)) == len(marked) > 50
        assert set(marked) == set(re.findall(r"(?<=[ \[])\*(\w+)", source))


#: What reads Vietnamese out of names and files, and pages of the docs, which mix both.
_READS_VIETNAMESE = {
    "claims_file.py",
    "narrative.py",
    "wording.py",
    "by_sector.py",
    "indicators.py",
    "rule_sets.py",
}


def test_no_text_of_a_report_stands_in_python() -> None:
    """Messages, which have their own catalogue, apart."""
    written = [
        f"{file.name}: {node.value}"
        for file in sorted(_REPORTS.rglob("*.py"))
        if file.name not in _READS_VIETNAMESE
        for node in _texts_outside_messages(ast.parse(file.read_text(encoding="utf-8")))
        if _VIETNAMESE.search(node.value)
    ]
    assert written == []


def _texts_outside_messages(tree: ast.AST) -> Iterator[ast.Constant]:
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node
        elif not (
            isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "message"
        ):
            is_docstring = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
            yield from [] if is_docstring else _texts_outside_messages(node)


#: Plural nouns and verbs right after a count: in English they need their singular too.
_AFTER_A_COUNT = re.compile(
    r"\{\w+\} (?:(?:more|other|working|former) )*"
    r"(?:dossiers?|units?|days?|hours?|times?|rows?|files?|contents?|differences?|changes?|definitions?|were|are|have)\b"
)
#: A share of many, a threshold of the method above 1, and a part of a list, which is cut where it is long.
_ALWAYS_SEVERAL = {
    "page.shown_some.": "{total} rows",
    "units.many.": "{count} units",
    "forms.units.many.": "{count} units",
    "forms.lists.cut.": "{count} rows",
    "forms.indicators.days.": "{count} days",
    "sealed.days.": "{days} days",
    "timing.batch_none.": "{least} dossiers",
    "stages.scope.": "{least} times",
    "forms.indicators.ranked.": "{count} units",
    "forms.lists.edited_note.": "{rate} changes",
    "forms.shortcomings.online.": "{share} were",
    "sealed.timeliness_part.": "{count} units",
    "page.in_workbook_long.": "{most} rows",
    "forms.points.rest_of_long.": "{most} rows",
}


def test_a_count_chooses_its_noun() -> None:
    pattern = "{count} {count:dossier is|dossiers are} open"
    assert [pattern.format(count=Manner(ENGLISH).number(n)) for n in (0, 1, 2, 1001)] == [
        "0 dossiers are open",
        "1 dossier is open",
        "2 dossiers are open",
        "1,001 dossiers are open",
    ]
    assert f"{Count('1.234'):>7}" == "  1.234"
    words = FormWords(ENGLISH)
    single, rate = words.number(1), words.per_thousand(1, 100)
    written = words.say(
        "shortcomings.delay", source="A", delays=single, dossiers=single, rate=rate, median_hours=single
    )
    assert written.startswith("A 1 time, 1 dossier (") and written.endswith("at most 1 hour")


def test_english_has_a_singular_wherever_a_count_may_be_one() -> None:
    plain = {
        path: match[0]
        for path, words in _leaves(texts(ENGLISH))
        if (match := _AFTER_A_COUNT.search(str(words))) and not path.startswith("numbers.")
    }
    assert plain == _ALWAYS_SEVERAL


def test_what_comes_with_a_report_is_called_appendix_everywhere() -> None:
    assert [
        path for path, words in _leaves(texts(ENGLISH)) if re.search("annex", str(words), re.IGNORECASE)
    ] == []
