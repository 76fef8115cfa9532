"""The benchmark with peers from files to page, at a size that only shows that it works: times mean nothing here."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.bench.peers.benchmark import Sizes, benchmark
from tests.bench.peers.environment import peers_python
from tests.bench.peers.older import code_of, commit_of
from tests.bench.peers.ours import CODE, Motcua
from tests.own_environment import PackagesMissingError

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
