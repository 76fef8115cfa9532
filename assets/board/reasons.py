"""Why an indicator of QĐ 766 has no score, or what of it is only approximated (mart.indicator_qd766), in the language of a page.

The warehouse has these sentences in Vietnamese, made of texts that the definition of each indicator has in both languages.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache, partial

from warehouse_sql.definitions import definitions
from warehouse_sql.messages import writing

_NUMBER = r"\d+"


def reason_in(text: str, lang: str, sentences: Mapping[str, Mapping[str, str]]) -> str:
    """Returns a reason with all of its sentences in a language; `sentences` are those that indicators share, in both."""
    for pattern, template in _patterns(lang, tuple((each["vi"], each[lang]) for each in sentences.values())):
        text = pattern.sub(partial(_written, template, lang), text)
    return text


def _written(template: str, lang: str, match: re.Match[str]) -> str:
    counts = {name: int(count) for name, count in match.groupdict().items()}
    return writing.write(template, counts, lang)


@cache
def _patterns(lang: str, shared: tuple[tuple[str, str], ...]) -> list[tuple[re.Pattern[str], str]]:
    return [
        (re.compile(re.escape(vi).replace(r"\{count:number\}", f"(?P<count>{_NUMBER})")), into)
        for vi, into in _pairs(lang, shared)
    ]


def _pairs(lang: str, shared: tuple[tuple[str, str], ...]) -> Iterator[tuple[str, str]]:
    """Yields each sentence in Vietnamese and in the language."""
    for row in definitions("indicator"):
        for name in ("approximation", "catalogue_gap"):
            if row.get(f"{name}_vi"):
                yield row[f"{name}_vi"], row[f"{name}_{lang}"]
    attributes = {
        row["attribute_vi"]: row[f"attribute_{lang}"]
        for row in definitions("indicator")
        if row.get("attribute_vi")
    }
    for vi, into in shared:
        if "{attribute}" not in vi:
            yield vi, into
            continue
        for attribute, name in attributes.items():
            yield vi.replace("{attribute}", attribute), into.replace("{attribute}", name)
