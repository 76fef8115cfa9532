"""Messages: Vietnamese where they arise and where they are stored, in the language of the process where they are printed."""

from __future__ import annotations

import ast
import copy
import pickle
import re
from collections.abc import Iterator
from datetime import date, datetime
from inspect import cleandoc
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.main import get_command

from pipelines.cli.app import app
from warehouse_sql.messages import joined, message, message_of, speak, spoken
from warehouse_sql.messages.catalogue import translations
from warehouse_sql.messages.writing import places

_ROOT = Path(__file__).parents[2]
_ROOMS = ("pipelines", "assets", "quality", "warehouse_sql")
_CATALOGUE = _ROOT / "warehouse_sql" / "messages"
_VIETNAMESE = re.compile(r"[À-ÃÈ-ÊÌÍÒ-ÕÙÚÝà-ãè-êìíò-õùúýĂăĐđĨĩŨũƠơƯưẠ-ỹ]")
_FULL_DISK = "Hết chỗ trên đĩa ({place}); hãy giải phóng chỗ rồi chạy lại."


@pytest.fixture
def english() -> Iterator[None]:
    speak("en")
    yield
    speak("vi")


def test_a_message_is_vietnamese_for_whoever_stores_it(english: None) -> None:
    shown = message(_FULL_DISK, place="/kho")
    assert shown == "Hết chỗ trên đĩa (/kho); hãy giải phóng chỗ rồi chạy lại."
    assert str(RuntimeError(shown)) == shown


def test_a_message_is_written_in_the_language_of_the_process(english: None) -> None:
    shown = message(_FULL_DISK, place="/kho")
    assert spoken(shown) == "There is no room left on the disk (/kho); make room and run again."
    speak("vi")
    assert spoken(shown) == shown


def test_numbers_and_days_are_written_as_the_language_does(english: None) -> None:
    shown = message(
        "{rows:number} {share:percent} {average:decimal} {on:day} {at:instant} {none:day}",
        rows=70426,
        share=(1, 3),
        average=2.25,
        on=date(2023, 8, 30),
        at=datetime(2023, 8, 30, 17, 5),
        none=None,
    )
    assert shown == "70.426 33,3% 2,2 30/08/2023 30/08/2023 17:05 –"
    assert spoken(shown) == "70,426 33.3% 2.2 30 Aug 2023 30 Aug 2023 17:05 –"


def test_a_message_in_a_message_is_translated_too(english: None) -> None:
    inner = message(_FULL_DISK, place="/kho")
    assert spoken(message("Lỗi: {reason}", reason=inner)).startswith("Error: There is no room")
    assert spoken(joined("; ", [inner, "a.csv"])).endswith("run again.; a.csv")


def test_a_stored_text_is_recognised_by_its_template(english: None) -> None:
    stored = str(message("Lỗi: {reason}", reason=message(_FULL_DISK, place="/kho")))
    assert spoken(stored) == "Error: There is no room left on the disk (/kho); make room and run again."
    assert spoken("Xã An Hảo") == "Xã An Hảo"


def test_what_an_error_says_keeps_its_language(english: None) -> None:
    assert spoken(message_of(RuntimeError(message(_FULL_DISK, place="x")))).startswith("There is no room")
    assert message_of(OSError(2, "No such file")) == "[Errno 2] No such file"


def test_plain_values_can_be_changed_inside_a_message() -> None:
    inner = message(_FULL_DISK, place="mật khẩu")
    hidden = message("Lỗi: {reason}", reason=inner).with_values(lambda text: text.replace("mật khẩu", "***"))
    assert hidden == "Lỗi: Hết chỗ trên đĩa (***); hãy giải phóng chỗ rồi chạy lại."


def test_messages_travel_between_processes() -> None:
    shown = message(_FULL_DISK, place="/kho")
    for other in (pickle.loads(pickle.dumps(shown)), copy.deepcopy(shown)):
        assert (other, other.template, other.values) == (shown, shown.template, shown.values)


def _modules() -> list[Path]:
    return sorted(file for room in _ROOMS for file in (_ROOT / room).rglob("*.py"))


def _is_message(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and ast.unparse(node.func) in ("message", "messages.message")


def _templates() -> dict[str, str]:
    """Every template in the code, with the place where it stands."""
    result = {}
    for file in _modules():
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if _is_message(node):
                assert isinstance(node, ast.Call)
                place = f"{file.relative_to(_ROOT)}:{node.lineno}"
                template = node.args[0]
                if isinstance(template, ast.Constant):
                    result[str(template.value)] = place
                    given = {keyword.arg for keyword in node.keywords}
                    named = {name for _, name, _ in places(str(template.value)) if name is not None}
                    assert named == given or None in given, f"{place}: {named ^ given}"
                else:
                    assert "warehouse_sql/messages" in place, f"{place}: the template is not written out"
    return result


def _has_words(template: str) -> bool:
    return any(letter.isalpha() for text, _, _ in places(template) for letter in text)


def test_every_message_in_the_code_has_its_english() -> None:
    known = translations("en")
    missing = {
        place: template
        for template, place in _templates().items()
        if template not in known and _has_words(template)
    }
    assert not missing


def test_both_languages_of_a_message_have_the_same_places() -> None:
    for file in sorted(_CATALOGUE.glob("*.yaml")):
        for entry in yaml.safe_load(file.read_text(encoding="utf-8")):
            vietnamese, english = (
                {name for _, name, _ in places(entry[item]) if name} for item in ("vi", "en")
            )
            dropped = vietnamese ^ english
            assert not dropped or file.name == "typer.yaml", entry


def test_no_message_stands_twice_in_the_catalogue() -> None:
    keys = [
        entry["en" if file.name == "typer.yaml" else "vi"]
        for file in sorted(_CATALOGUE.glob("*.yaml"))
        for entry in yaml.safe_load(file.read_text(encoding="utf-8"))
    ]
    assert len(keys) == len(set(keys)), sorted(key for key in set(keys) if keys.count(key) > 1)


#: What is Vietnamese in the code of the command line without being a message: texts kept in both languages, answers.
_NO_MESSAGES = {"explain.py", "console.py"}


def _unmarked(tree: ast.AST) -> Iterator[int]:
    """Lines of Vietnamese texts that are neither in a message, a docstring nor a help text."""
    for child in ast.iter_child_nodes(tree):
        if _is_message(child) or (isinstance(child, ast.keyword) and child.arg == "help"):
            continue
        if isinstance(child, ast.Expr) and isinstance(child.value, ast.Constant):
            continue
        if (
            isinstance(child, ast.Constant)
            and isinstance(child.value, str)
            and _VIETNAMESE.search(child.value)
        ):
            yield child.lineno
        yield from _unmarked(child)


def test_all_that_the_command_line_says_is_a_message() -> None:
    files = [
        file for file in sorted((_ROOT / "pipelines" / "cli").glob("*.py")) if file.name not in _NO_MESSAGES
    ]
    shown = [
        f"{file.name}:{line}"
        for file in files
        for line in _unmarked(ast.parse(file.read_text(encoding="utf-8")))
    ]
    assert not shown


#: Folders whose errors all carry messages.
_SWEPT = ("pipelines", "assets", "quality", "warehouse_sql")


def test_no_error_says_anything_but_a_message() -> None:
    shown = []
    for file in _modules():
        if file.relative_to(_ROOT).as_posix().startswith(_SWEPT):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Raise):
                    shown += [f"{file.relative_to(_ROOT)}:{line}" for line in _unmarked(node)]
    assert not shown


def _in_sql() -> set[str]:
    """What the warehouse itself says, with % for each place: what its functions raise, and why a feed is not complete."""
    files = (_ROOT / "warehouse_sql").rglob("*.sql")
    raised = [re.findall(r"raise exception '([^']*)'", file.read_text(encoding="utf-8")) for file in files]
    feeds = (_ROOT / "warehouse_sql" / "ops" / "refresh_feed_day.sql").read_text(encoding="utf-8")
    code = "\n".join(line.partition("--")[0] for line in feeds.splitlines())
    written = [item.replace("%s", "%").replace("%%", "%") for item in re.findall(r"'([^'\n]*)'", code)]
    return {item for item in [*chain(*raised), *written] if _VIETNAMESE.search(item)}


def _like_sql(template: str) -> str:
    return re.sub(r"\{[^}]*\}", "%", template)


def test_what_the_warehouse_raises_has_its_english() -> None:
    known = {_like_sql(template) for template in translations("en")}
    # a text that goes on with a list
    assert not {item for item in _in_sql() if item not in known and f"{item}%" not in known}


def _helps(command: Any) -> Iterator[str]:
    texts = [command.help, *(parameter.help for parameter in command.params)]
    yield from (" ".join(cleandoc(item).split()) for item in texts if item)
    for subcommand in getattr(command, "commands", {}).values():
        yield from _helps(subcommand)


def test_nothing_is_in_the_catalogue_that_nobody_says() -> None:
    shown = _templates().keys() | set(_helps(get_command(app)))
    in_sql = _in_sql() | {f"{item}%" for item in _in_sql()}
    assert not {
        template
        for template in translations("en")
        if template not in shown and _like_sql(template) not in in_sql
    }
