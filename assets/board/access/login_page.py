"""The page on which people log in to the board."""

from __future__ import annotations

from contextvars import copy_context

from assets.board.drawing import draw_alone
from warehouse_sql.messages import LANGUAGES, Language, message, speak, spoken

TEMPLATE = "dang-nhap.html.jinja"


def login_page(lang: Language, token: str, next_path: str, name: str, error: str | None) -> str:
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
    return draw_alone(TEMPLATE, shown)


def in_language(lang: Language, text: str) -> str:
    """Returns a message in that language; that of the process stays."""

    def spoken_so() -> str:
        speak(lang)
        return spoken(text)

    return copy_context().run(spoken_so)


def language_of(asked: str | None, otherwise: Language) -> Language:
    """Returns the language that an address asks for."""
    return next((lang for lang in LANGUAGES if lang == asked), otherwise)
