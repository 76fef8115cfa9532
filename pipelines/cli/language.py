"""The language of the command line: chosen before anything is printed, and used by help pages and usage errors alike."""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Callable, Sequence
from contextlib import redirect_stdout
from inspect import cleandoc
from typing import Any, NoReturn

from pydantic import ValidationError
from typer._click.core import Context
from typer._click.exceptions import ClickException, NoArgsIsHelpError, UsageError
from typer._click.formatting import HelpFormatter

from pipelines.settings import variable_of
from warehouse_sql.messages import LANGUAGES, language, message, speak, spoken
from warehouse_sql.messages.catalogue import recognised

OPTION = "--lang"
_USAGE = 2
_NOTES = re.compile(r"^(.*?)(?:\s*\[(.*)\])?$", re.DOTALL)


def choose_language(arguments: Sequence[str], setting: str) -> None:
    """Speaks the language of --lang before the command, else that of the setting; ends with 2 for one it cannot speak."""
    speak("vi")
    asked = [(variable_of("lang"), setting), (OPTION, _asked(arguments))]
    for _, value in asked:
        if value in LANGUAGES:
            speak(value)
    for name, value in asked:
        if value and value not in LANGUAGES:
            _end(message("{name} “{value}” không có; hãy dùng vi hoặc en.", name=name, value=value))


def _asked(arguments: Sequence[str]) -> str:
    """Returns the value of --lang among the options before the first command."""
    words = iter(arguments)
    for word in words:
        if not word.startswith("-"):
            break
        if word == OPTION:
            return next(words, "")
        if word.startswith(f"{OPTION}="):
            return word.partition("=")[2]
    return ""


def _end(reason: str) -> NoReturn:
    print(error_line(reason), file=sys.stderr)
    sys.exit(_USAGE)


def error_line(reason: str) -> str:
    """Returns an error as one line in the language of the process."""
    return spoken(message("Lỗi: {reason}", reason=reason))


def wrong_setting(error: ValidationError) -> ClickException:
    """Returns what is wrong with a variable of the environment; its value may be a secret and is not shown."""
    first = error.errors()[0]
    return UsageError(
        message(
            "Biến {variable} không hợp lệ: {reason}",
            variable=variable_of(str(first["loc"][0])),
            reason=typers(first["msg"]),
        )
    )


def typers(text: str) -> str:
    """Returns the English text of typer in the language of the process, with patterns of Python as people read them."""
    text = text.replace("Value error, ", "").replace("%Y-%m-%d", "YYYY-MM-DD")
    return text if language() == "en" else recognised(text, "vi")


def print_usage_error(error: ClickException) -> NoReturn:
    """Says what was wrong with the usage, as typer does but in the language of the process, and ends with its code."""
    if isinstance(error, NoArgsIsHelpError):
        print(error.format_message(), file=sys.stderr)
        sys.exit(error.exit_code)
    error.message = spoken(error.message)
    context = error.ctx if isinstance(error, UsageError) else None
    if context is not None:
        hint = f"Try '{context.command_path} {context.help_option_names[-1]}' for help."
        print(f"{context.get_usage()}\n{typers(hint)}\n", file=sys.stderr)
    print(typers(f"Error: {error.format_message()}"), file=sys.stderr)
    sys.exit(error.exit_code)


def in_language(command: Any) -> Any:
    """Returns the command and all under it with help texts in the language of the process."""
    command.context_class = _SpokenContext
    command.options_metavar = typers(command.options_metavar or "")
    command.help = _help(command.help)
    command.short_help = _help(command.short_help)
    for parameter in command.params:
        parameter.help = _help(parameter.help)
        if parameter.metavar:
            parameter.metavar = typers(parameter.metavar)
        if parameter.name == "install_completion":
            parameter.callback = _telling(parameter.callback)
    if subcommands := getattr(command, "commands", None):
        command.subcommand_metavar = typers(command.subcommand_metavar)
        for subcommand in subcommands.values():
            in_language(subcommand)
    return command


def _help(text: str | None) -> str | None:
    return spoken(typers(" ".join(cleandoc(text).split()))) if text else text


def _telling(callback: Callable[..., Any]) -> Callable[..., Any]:
    """Returns a callback of typer's whose English lines are printed in the language of the process."""

    def call(context: Context, parameter: Any, value: Any) -> Any:
        shown = io.StringIO()
        try:
            with redirect_stdout(shown):
                return callback(context, parameter, value)
        finally:
            for line in shown.getvalue().splitlines():
                print(typers(line))

    return call


class _SpokenFormatter(HelpFormatter):
    """Help pages whose headings and notes, which typer writes in English, are in the language of the process."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        super().write_usage(prog, args, typers("Usage: ") if prefix is None else prefix)

    def write_heading(self, heading: str) -> None:
        super().write_heading(typers(heading))

    def write_dl(self, rows: Sequence[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        super().write_dl([(_named(name), _noted(text)) for name, text in rows], col_max, col_spacing)


class _SpokenContext(Context):
    formatter_class = _SpokenFormatter


def _named(option: str) -> str:
    return re.sub(r"<[^>]+>", lambda kind: typers(kind[0]), option)


def _noted(text: str) -> str:
    """Returns a help text, and behind it in brackets what typer notes of it: its default, that it is required."""
    match = _NOTES.match(text)
    if match is None or not match[2]:
        return typers(text)
    notes = "; ".join(typers(note) for note in match[2].split("; "))
    return f"{typers(match[1])}  [{notes}]".lstrip()
