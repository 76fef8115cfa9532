"""The font of charts and of the page, with all letters of Vietnamese: shipped here, so that no machine takes its own instead.

`fonts/` has each weight twice: as TrueType for the compiler of the sealed issue and as WOFF 2 for the page.
"""

from __future__ import annotations

import base64
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).with_name("fonts")
#: As charts and the page name it; its licence (SIL Open Font License 1.1) is kept with it.
FAMILY = "Be Vietnam Pro"
_WEIGHTS = {400: "BeVietnamPro-Regular.woff2", 600: "BeVietnamPro-SemiBold.woff2"}


@cache
def font_faces() -> str:
    """Returns the rules of a style sheet that carry the font with them."""
    return "\n".join(
        f'@font-face {{ font-family: "{FAMILY}"; font-weight: {weight}; '
        f'src: url("data:font/woff2;base64,{_base64(FOLDER / name)}") format("woff2"); }}'
        for weight, name in _WEIGHTS.items()
    )


def _base64(path: Path) -> str:
    return base64.b64encode(path.read_bytes()).decode()
