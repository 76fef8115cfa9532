"""What motcua says to people, in Vietnamese or English.

A message is written in Vietnamese where it arises, with named places for what varies:
`message("Máy chủ là PostgreSQL {version}; hãy dùng bản {oldest} trở lên.", version=…, oldest=…)`.
It is a string, and its text is always Vietnamese: what is stored never depends on the language of whoever ran a
command. Only where a command prints, `spoken` says it in the language of the process. The catalogue of translations is
keyed by the Vietnamese text, as gettext does it; it is YAML, which needs neither a compiler nor a further dependency.

Here: messages and the language of the process. Not here: texts of reports, rules and explanations of due dates, which
are kept in both languages with what they describe.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextvars import ContextVar
from typing import Literal, get_args

from warehouse_sql.messages.catalogue import recognised, translations
from warehouse_sql.messages.writing import write

Language = Literal["vi", "en"]
LANGUAGES: tuple[Language, ...] = get_args(Language)

_language: ContextVar[Language] = ContextVar("language", default="vi")


class Message(str):
    """A Vietnamese text that remembers its template and values, so that it can be printed in another language."""

    template: str
    values: Mapping[str, object]
    english: str | None = None

    def with_values(self, change: Callable[[str], str]) -> Message:
        """Returns the same message with each plain text among its values changed."""
        values = {name: _changed(value, change) for name, value in self.values.items()}
        made = message(self.template, **values)
        made.english = None if self.english is None else change(self.english)
        return made


def message(template: str, /, **values: object) -> Message:
    """Returns the message in Vietnamese; places may say how a value is written: {rows:number}, {on:day},
    {at:instant}.
    """
    made = Message(write(template, values, "vi"))
    made.template, made.values = template, values
    return made


def in_both(vietnamese: str, english: str) -> Message:
    """Returns a text that is kept in both languages with what it describes, such as that of a rule."""
    made = message("{text}", text=vietnamese)
    made.english = english
    return made


def joined(separator: str, parts: Iterable[str]) -> Message:
    """Returns several messages as one; each of them is translated by itself."""
    values = {f"part_{number}": part for number, part in enumerate(parts)}
    return message(separator.join(f"{{{name}}}" for name in values), **values)


def message_of(error: BaseException) -> str:
    """Returns the text of an error: its message where it has one, else its text."""
    if len(error.args) == 1 and isinstance(error.args[0], Message):
        return error.args[0]
    return str(error)


def language() -> Language:
    """Returns the language of this process: `vi` unless `speak` was called."""
    return _language.get()


def speak(chosen: Language) -> None:
    """Sets the language in which this process says things from now on."""
    _language.set(chosen)


def spoken(text: str) -> str:
    """Returns the text in the language of the process.

    A plain text, as it was stored perhaps, is compared with the templates of the catalogue; an unknown one stays as it is.
    """
    if language() == "vi":
        return str(text)
    if not isinstance(text, Message):
        return recognised(text, language())
    if text.english is not None:
        return text.english
    template = translations(language()).get(text.template, text.template)
    values = {name: spoken(value) if isinstance(value, str) else value for name, value in text.values.items()}
    return write(template, values, language())


def _changed(value: object, change: Callable[[str], str]) -> object:
    if isinstance(value, Message):
        return value.with_values(change)
    return change(value) if isinstance(value, str) else value
