"""The page on which people log in to the board."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextvars import copy_context
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from warehouse_sql.messages import LANGUAGES, Language, message, speak, spoken

#: Makes a page of a template's name and what it shows.
Render = Callable[[str, Mapping[str, object]], str]
TEMPLATE = "dang-nhap.html.jinja"
_TEMPLATES = Path(__file__).parents[1] / "templates"


def render_alone(template: str, shown: Mapping[str, object]) -> str:
    """Returns a page whose frame is of this room alone; a board with a frame of its own gives another `Render`."""
    return _environment().get_template(template).render({"frame": "khung-dang-nhap.html.jinja", **shown})


def login_page(
    render: Render, lang: Language, token: str, next_path: str, name: str, error: str | None
) -> str:
    """Returns the page; `error`: why the last try did not succeed."""
    texts = {
        "title": message("Đăng nhập bảng điều hành"),
        "name_label": message("Tên tài khoản"),
        "password_label": message("Mật khẩu"),
        "submit": message("Đăng nhập"),
    }
    shown: dict[str, object] = {key: in_language(lang, text) for key, text in texts.items()}
    shown |= {"lang": lang, "csrf": token, "next_path": next_path, "name": name}
    shown["error"] = None if error is None else in_language(lang, error)
    return render(TEMPLATE, shown)


def in_language(lang: Language, text: str) -> str:
    """Returns a message in that language; that of the process stays."""

    def spoken_so() -> str:
        speak(lang)
        return spoken(text)

    return copy_context().run(spoken_so)


def language_of(asked: str | None, otherwise: Language) -> Language:
    """Returns the language that an address asks for."""
    return next((lang for lang in LANGUAGES if lang == asked), otherwise)


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
