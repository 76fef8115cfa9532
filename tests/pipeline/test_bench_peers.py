"""The benchmark with peers from files to page, at a size that only shows that it works: times mean nothing here."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path

import pytest

from tests.bench.peers.benchmark import Sizes, benchmark
from tests.bench.peers.environment import peers_python
from tests.bench.peers.older import code_of, commit_of
from tests.bench.peers.ours import CODE, Motcua
from tests.bench.peers.page import page
from tests.bench.peers.questions import Days, asked_of
from tests.own_environment import PackagesMissingError
from tests.questions_page import Question, questions_of_page

_CACHE = CODE / "build" / "bench" / "peers" / "cache"


@pytest.mark.long
def test_all_sides_answer_alike_and_their_figures_fill_the_page(tmp_path: Path) -> None:
    try:
        _CACHE.mkdir(parents=True, exist_ok=True)
        peers_python(_CACHE)
    except PackagesMissingError as error:
        pytest.skip(f"the peers can't be installed here: {error}")
    work, docs = tmp_path / "work", tmp_path / "docs"
    work.mkdir()
    (work / "cache").symlink_to(_CACHE)

    benchmark(work, docs, Sizes(dossiers=2_000, lists=3, year=20), ["load", "lists"], before="")

    figures = json.loads((work / "results-2000.json").read_text(encoding="utf-8"))["figures"]
    assert figures["load"].keys() == {"ours", "peers", "floor", "duck"}
    assert figures["load"]["floor"] < figures["load"]["peers"]
    assert (
        figures["day own"].keys() == {"ours", "own"} and figures["day own"]["ours"] == figures["day"]["ours"]
    )
    assert figures.keys() >= {
        "day",
        "again",
        "full",
        "form_now",
        "form_then",
        "disk",
        "memory",
        "flow_rows",
        "lists",
    }
    page = (docs / "benchmarks.md").read_text(encoding="utf-8")
    assert "| first load, one list of 2,000 dossiers | 2 × dlt + dbt |" in page
    assert (docs / "benchmarks.svg").read_text(encoding="utf-8").startswith("<svg")
    assert [left.name for left in work.iterdir() if left.name.startswith("run-")] == []


@pytest.mark.skipif(not (CODE / ".git").exists(), reason="no older commit without git")
def test_the_commands_of_an_older_commit_run_its_code_and_leave_no_worktree(tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    with code_of("HEAD", tmp_path / "older") as code:
        main = code / "pipelines" / "cli" / "__init__.py"
        main.write_text("def main():\n    print('the older code')\n", encoding="utf-8")
        assert Motcua(tmp_path / "home", code).command("status").output == "the older code\n"
        assert commit_of(code) == f"{commit_of(CODE).removesuffix('-dirty')}-dirty"
    assert not (tmp_path / "older").exists()


def test_a_commit_that_git_does_not_know_ends_the_benchmark(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="worktree add"), code_of("no-such-commit", tmp_path / "older"):
        pass


def test_questions_are_asked_of_the_days_of_another_world() -> None:
    asked = (
        "select mart.form_diff('2023-03-15', '2023-08-30', known_1 => '2023-06-10', known_2 => 'infinity'),"
        " mart.dossier_trace('000.26.33.H01-230717-0001')"
    )
    (moved,) = asked_of(
        [Question(1, "", asked, "")],
        Days(date(2024, 1, 3), date(2023, 12, 30), "000.00.00.H01-230102-000001"),
    )
    assert moved.sql == (
        "select mart.form_diff('2023-07-19', '2024-01-03', known_1 => '2023-12-30', known_2 => 'infinity'),"
        " mart.dossier_trace('000.00.00.H01-230102-000001')"
    )


def test_no_question_asks_beyond_the_last_day_of_another_world_nor_of_a_dossier_that_it_has_not() -> None:
    last = date(2024, 1, 3)
    text = " ".join(
        question.sql for question in asked_of(questions_of_page(), Days(last, date(2023, 12, 30), "x"))
    )
    days = [date.fromisoformat(day) for day in re.findall(r"\d{4}-\d\d-\d\d", text)]
    assert max(days) == last
    assert "H01-" not in text


def test_the_page_names_the_questions_that_take_more_than_half_of_what_they_may() -> None:
    figures = {"question 1": {"demo": 0.2, "ours": 1.6}, "question 2": {"demo": 0.4, "ours": 1.4}}
    about = {"dossiers": 1000, "changes": 10, "lists": 3, "versions": {}}
    rest = {"measured_on": "", "commit": "", "before": "", "processor": "", "cores": 2, "memory_gb": 1}
    shown = page({"about": about | rest, "figures": figures, "notes": []})
    assert "Of the 2 [questions with answers](queries.md), 1 take more than half" in shown
    first, second = questions_of_page()[:2]
    assert f"| 1. {first.title} | 0.20 s | 1.60 s |" in shown
    assert second.title not in shown
