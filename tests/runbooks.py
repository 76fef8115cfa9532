"""Pages of docs/runbooks, cut into what is typed, what is answered and what happens meanwhile.

Blocks `sh` are typed by the account of motcua, `sh administrator` by who has all rights on the database server's machine, blocks
`console` by root after its prompt `#`; a block `text` after one of them is
some of what is answered, line by line, where … stands for what differs; `exit=1` after that word is the exit code. A block `yaml`
whose first line is a path is that file. A comment `<!-- situation: name -->` is something that happens to the office.
"""

from __future__ import annotations

import re
import subprocess
import textwrap
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

BOOKS = Path(__file__).parents[1] / "docs" / "runbooks"
PAGES = sorted(page for page in BOOKS.glob("*.md") if page.name != "README.md")
_PIECE = re.compile(
    r"^ *(?:\d+\. )?```(?P<kind>sh|console|text|yaml)(?P<more>[^\n]*)\n(?P<body>.*?)^ *```$"
    r"|<!-- situation: (?P<situation>\w+) -->",
    re.M | re.S,
)


@dataclass(frozen=True)
class Piece:
    """A block or a situation of a page; `answer`: lines expected of what is typed, `code`: its exit code, `by`: who types it."""

    kind: str
    body: str
    answer: tuple[str, ...] = ()
    code: int = 0
    by: str = ""

    def judge(self, done: subprocess.CompletedProcess[str], here: Callable[[str], str] = str) -> None:
        """Raises AssertionError where the shell did not answer as the page says; `here`: the page's places elsewhere."""
        assert done.returncode == self.code, f"{self.body}\n{done.stdout}"
        lines = iter(done.stdout.splitlines())
        for expected in self.answer:
            pattern = re.compile(re.escape(here(expected.strip())).replace("…", ".*"))
            assert any(pattern.fullmatch(line.strip()) for line in lines), (
                f"{self.body}\n{expected}\n{done.stdout}"
            )

    def typed(self) -> str:
        """Returns the commands: of a block of root's, what stands after the prompts."""
        if self.kind != "console":
            return self.body
        return "\n".join(line.removeprefix("# ") for line in self.body.splitlines() if line.startswith("# "))


def pieces_of(page: Path) -> list[Piece]:
    """Returns the pieces of a page in their order; answers are with what they answer."""
    pieces: list[Piece] = []
    for match in _PIECE.finditer(page.read_text(encoding="utf-8")):
        if match["situation"]:
            pieces.append(Piece("situation", match["situation"]))
            continue
        body = textwrap.dedent(match["body"])
        if match["kind"] == "text" and pieces and pieces[-1].kind in ("sh", "console"):
            code = re.search(r"exit=(\d)", match["more"])
            asked = pieces.pop()
            pieces.append(replace(asked, answer=tuple(body.splitlines()), code=int(code[1]) if code else 0))
        elif match["kind"] != "text":
            pieces.append(Piece(match["kind"], body, by=match["more"].strip()))
    return pieces
