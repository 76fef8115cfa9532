"""The catalogue of translations: YAML files beside this module, lists of entries with `vi` and `en`.

`typer.yaml` holds what the library of the command line says: its own language is English.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from warehouse_sql.messages.writing import WRITTEN_IN_VIETNAMESE, places, write
from warehouse_sql.yaml_files import read_yaml

_FOLDER = Path(__file__).parent
_OF_TYPER = "typer.yaml"
# A value of one short word is no message: it may be a name.
_SHORTEST = 12


@cache
def translations(language: str) -> Mapping[str, str]:
    """From the text as the code has it to that language; typer's own texts into Vietnamese only."""
    if language == "vi":
        return dict(_pairs(_FOLDER / _OF_TYPER, "en", "vi"))
    files = sorted(file for file in _FOLDER.glob("*.yaml") if file.name != _OF_TYPER)
    return {source: other for file in files for source, other in _pairs(file, "vi", language)}


def recognised(text: str, language: str) -> str:
    """Returns a text that is already written, in that language; itself where nothing of the catalogue fits it."""
    whole = _by_template(text, language)
    return whole if whole is not None else _in_parts(text, language)


def _by_template(text: str, language: str) -> str | None:
    known = translations(language)
    if text in known and "{" not in text:
        return known[text]
    for parts, template in _templates(language):
        if all(part in text for part in parts) and (match := _pattern(template).fullmatch(text)):
            return _translated(template, match, language)
    return None


def _in_parts(text: str, language: str) -> str:
    """Returns a place, a colon and a known sentence; or one part after another."""
    for end in re.finditer(r"(?:[:;] |(?<=\.) )", text):
        behind = text[end.end() :]
        rest = _by_template(behind, language)
        if rest is not None:
            head = text[: end.start()]
            return f"{_by_template(head, language) or head}{end[0]}{rest}"
    return text


def _pairs(file: Path, source: str, target: str) -> list[tuple[str, str]]:
    entries = read_yaml(file)
    return [(entry[source], entry[target]) for entry in entries]


@cache
def _templates(language: str) -> list[tuple[list[str], str]]:
    """Returns templates with places, those with the longest text first: they are the most specific."""
    templates = []
    for template in translations(language):
        parts = places(template)
        texts = [text for text, _, _ in parts if text]
        if any(name is not None for _, name, _ in parts) and texts:
            templates.append((texts, template))
    return sorted(templates, key=lambda entry: (-sum(map(len, entry[0])), entry[1]))


@cache
def _pattern(template: str) -> re.Pattern[str]:
    written = []
    for number, (text, name, way) in enumerate(places(template)):
        written.append(re.escape(text))
        if name is not None:
            form, _ = WRITTEN_IN_VIETNAMESE.get(way, (".*?", str))
            written.append(f"(?P<place_{number}>{form})")
    return re.compile("".join(written), re.DOTALL)


def _translated(template: str, match: re.Match[str], language: str) -> str:
    values: dict[str, object] = {}
    for number, (_, name, way) in enumerate(places(template)):
        if name is None:
            continue
        value = match[f"place_{number}"]
        if way in WRITTEN_IN_VIETNAMESE:
            values[name] = WRITTEN_IN_VIETNAMESE[way][1](value)
        else:
            is_text = " " in value or len(value) >= _SHORTEST
            values[name] = recognised(value, language) if is_text else value
    return write(translations(language)[template], values, language)
