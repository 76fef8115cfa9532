"""The dictionary opened from a folder: it searches without a network, and all can read it."""

from __future__ import annotations

from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser
from sqlalchemy import Engine

from assets.dictionary.entries import read_entries
from assets.dictionary.search import search
from assets.dictionary.site import site_of
from tests.browser.conftest import DESKTOP, Watched


def test_the_page_searches_from_a_folder(browser: Browser, warehouse: Engine, tmp_path: Path) -> None:
    file = tmp_path / "index.html"
    with warehouse.connect() as connection:
        entries = read_entries(connection)
    file.write_text(site_of(entries), encoding="utf-8")
    context = browser.new_context(viewport=DESKTOP, offline=True)  # type: ignore[arg-type]
    page = context.new_page()
    watched = Watched(page)
    page.goto(file.as_uri())
    for words in ("hen tra hien hanh", "HẸN TRẢ HIỆN HÀNH", "due date as it stands"):
        page.fill("#words", words)
        visible = page.locator("section:visible").evaluate_all("all => all.map(each => each.id)")
        assert set(visible) == {match.entry.name for match in search(entries, words)}
        assert page.locator('[id="core.fct_dossier"] tr.hit').all_inner_texts()[0].startswith("due_at")
    page.fill("#words", "xyzxyz")
    assert page.locator("section:visible").count() == 0
    page.fill("#words", "open_dossier")
    tops = page.locator("section:visible").evaluate_all("all => all.map(each => [each.offsetTop, each.id])")
    assert min(tops)[1] == "mart.open_dossier"
    page.locator('[id="mart.open_dossier"] a', has_text="core.dim_unit").click()
    assert page.locator('[id="core.dim_unit"]').is_visible()
    assert watched.messages == []
    assert watched.requests == [file.as_uri()]
    serious = [
        each for each in Axe().run(page).response["violations"] if each["impact"] in ("serious", "critical")
    ]
    assert [each["id"] for each in serious] == []
    context.close()
