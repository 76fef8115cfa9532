"""What the pages of docs name exists, and what exists is named: commands, options, variables, links, the version."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer.main

from pipelines.cli.app import app
from pipelines.settings import Settings

_ROOT = Path(__file__).parents[2]
_REFERENCE = _ROOT / "docs" / "reference"
_LANGUAGES = pytest.mark.parametrize("folder", [_REFERENCE, _REFERENCE / "vi"], ids=["en", "vi"])


def _rows(page: Path) -> Iterator[list[str]]:
    """Yields the cells of every table row of a page, without its headings."""
    for line in page.read_text(encoding="utf-8").splitlines():
        if line.startswith("| `"):
            yield [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]


def _commands(command: Any, name: str) -> Iterator[tuple[str, set[str]]]:
    """Yields the full name of every command that does something, with its options."""
    subcommands: dict[str, Any] = getattr(command, "commands", {})
    if not subcommands or command.invoke_without_command:
        yield name, {each.opts[0] for each in command.params if each.param_type_name == "option"}
    for word, subcommand in subcommands.items():
        if not subcommand.hidden:
            yield from _commands(subcommand, f"{name} {word}")


@_LANGUAGES
def test_every_command_and_option_is_on_the_page_and_every_one_on_the_page_exists(folder: Path) -> None:
    on_the_page = {
        re.sub(r" [A-Z].*", "", row[0].strip("`")): set(re.findall(r"`(--[a-z-]+)", row[2]))
        for row in _rows(folder / "commands.md")
    }
    assert on_the_page == dict(_commands(typer.main.get_command(app), "motcua"))


@_LANGUAGES
def test_options_of_the_program_itself_are_named_above_the_tables(folder: Path) -> None:
    head, *_ = (folder / "commands.md").read_text(encoding="utf-8").partition("\n| ")
    named = set(re.findall(r"--[a-z-]+", head))
    program: Any = typer.main.get_command(app)
    assert named == {option.opts[0] for option in program.params} | {"--help"}


@_LANGUAGES
def test_every_variable_is_on_the_page_and_every_one_on_the_page_is_read(folder: Path) -> None:
    on_the_page = {
        name for row in _rows(folder / "environment.md") for name in re.findall(r"MOTCUA_[A-Z_]+", row[0])
    }
    settings = {f"MOTCUA_{field.upper()}" for field in Settings.model_fields}
    assert on_the_page == settings


def test_both_languages_name_the_same_objects_of_the_warehouse() -> None:
    english, vietnamese = (
        [name for row in _rows(folder / "warehouse.md") for name in re.findall(r"`([^`]+)`", row[0])]
        for folder in (_REFERENCE, _REFERENCE / "vi")
    )
    assert english == vietnamese
    assert len(english) == len(set(english))


def test_the_newest_version_of_the_changelog_is_that_of_the_package() -> None:
    project = tomllib.loads((_ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    versions = re.findall(r"^## (\d+\.\d+\.\d+)", (_ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.M)
    assert versions[0] == project["version"]


def _pages() -> list[Path]:
    return sorted([*_ROOT.glob("*.md"), *(_ROOT / "docs").rglob("*.md")])


def _anchors(page: Path) -> set[str]:
    """Returns the anchors that the headings of a page get on GitHub."""
    headings = re.findall(r"^#+ (.*)$", page.read_text(encoding="utf-8"), re.M)
    plain = (re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).lower() for heading in headings)
    return {re.sub(r"[^\w\- ]", "", heading).strip().replace(" ", "-") for heading in plain}


@pytest.mark.parametrize("page", _pages(), ids=lambda page: page.relative_to(_ROOT).as_posix())
def test_every_link_leads_to_a_file_and_a_heading(page: Path) -> None:
    broken = []
    prose = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.S)
    for link in re.findall(r"\]\(([^)\s]+)\)", prose):
        if re.match(r"[a-z]+:", link):
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        if not target.exists() or (anchor and anchor not in _anchors(target)):
            broken.append(link)
    assert not broken


def test_every_name_in_the_glossary_is_one_of_the_code() -> None:
    code = "\n".join(
        file.read_text(encoding="utf-8")
        for room in ("assets", "quality", "pipelines", "warehouse_sql")
        for file in (_ROOT / room).rglob("*")
        if file.suffix in {".py", ".sql", ".yaml"}
    )
    page = (_ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    names = {
        name for line in page.splitlines() if line.startswith("|") for name in re.findall(r"`([^`]+)`", line)
    }
    assert len(names) > 60
    assert sorted(name for name in names if not re.search(rf"\b{re.escape(name)}\b", code)) == []


def test_every_file_named_in_the_docs_exists() -> None:
    files = {
        f"/{file.relative_to(_ROOT).as_posix()}"
        for room in (
            "assets",
            "quality",
            "pipelines",
            "warehouse_sql",
            "deploy",
            "tests",
            "docs",
            "requirements",
        )
        for file in (_ROOT / room).rglob("*.*")
    }
    ends = r"`([\w./-]+\w\.(?:py|sql|yaml|csv|jinja|json|txt|sh|typ|docx))`"
    missing = [
        f"{page.name}: {name}"
        # What the pages on how to add something name is not there yet.
        for page in set(_pages()) - set((_ROOT / "docs" / "how-to").glob("add-*.md"))
        for name in re.findall(ends, page.read_text(encoding="utf-8"))
        if "/" in name and not any(file.endswith(f"/{name}") for file in files)
    ]
    assert missing == []


def test_the_way_of_a_file_can_be_followed_from_each_row_to_the_next() -> None:
    page = (_ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    section = page.partition("## The way of a file")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| `([\w/.]+\.py)` \| `(\w+)` \|", section, re.M)
    assert len(rows) > 15
    above = ""
    for file, name in rows:
        code = (_ROOT / file).read_text(encoding="utf-8")
        assert re.search(rf"^(?:def|class) {name}\b|^{name} = ", code, re.M), f"{file} has no {name}"
        assert not above or re.search(rf"\b{name}\b", above), (
            f"{name} of {file} is called by no file above it"
        )
        above += code
