"""The page of results, docs/benchmarks.md: made from the book, never by hand."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from tests.bench.peers.aims import SIDES, Aim, aims, written
from tests.bench.peers.questions import WORK
from tests.questions_page import questions_of_page

PICTURE = "benchmarks.svg"
_MISSING = "–"
#: Where the questions of analysts are asked, and the seconds that they may take there.
_QUESTION_SIDES = (("demo", "on the demo", 1.0), ("ours", "on {dossiers:,} dossiers", 3.0))
_HEAD = """\
# Benchmarks

<!-- Made by `make bench`; do not edit. -->

motcua and other tools on the same files, the same PostgreSQL server and settings, in one run: whole processes, their start
included, by turns. The peers do the core of the same work: [dlt](https://dlthub.com) merges the lists into the latest state of
each dossier, [dbt](https://www.getdbt.com) keeps spans, events, the daily flow, form II.06 and overdue dossiers by unit under
rule set `ii06`. They validate nothing, keep no history and know one rule set; motcua keeps every statement with both times,
judges every row, audits, counts under all rule sets and raises alerts. Before a time counts, all sides have answered form II.06
and the overdue dossiers of every unit alike.
"""
_FOOT = """\
## How it is measured

* **Files.** CSV lists as a provincial portal exports them, made up: 124 units, 25 sectors, 50 procedures, a year of dossiers,
  some 2 % of them open. Half of a day's changes are new dossiers.
* **Servers.** Each side has a data folder of its own, started before and stopped after the timing: only the time of the process
  counts. The peers' server listens on loopback, ours on a socket.
* **Turns.** A day is the median of five; each is followed by the peers', who begin every second time, and by one on the smaller
  history. The demo is the median of three, by turns with the older commit. Complete lists are the median of three, one before
  and two after those of the older commit, which takes them in once. A first load, a full list and a year are taken in once.
* **Memory.** The largest resident memory of the process and what it started, PostgreSQL left out, ten times a second.
* **Disk.** `pg_database_size` after `VACUUM`, less that of the empty warehouse, without WAL; the archive of files is not in it.
* **Forms and indicators.** Planning and execution on the server by `EXPLAIN ANALYZE`, median of 3; of the peers the query over
  dbt's daily flow, and DuckDB's over Parquet within a running process. They can't answer what was known a year ago.
* **Questions of analysts.** As the login of `motcua sql`, planning and execution by `EXPLAIN ANALYZE`, median of 3. On the large
  history, one list of it and a day of changes, their periods end with its last day. It has no steps of national files, so
  the two questions on stages are only asked of much on the demo.
* **Older commit.** Its code runs with the libraries of today.

`make bench` runs it; `make bench BENCH_DOSSIERS=20000 BENCH_LISTS=50` is a quick try; `BENCH_BEFORE=COMMIT` names the older
commit. `python -m tests.bench.peers PART …` measures single parts and keeps the figures of the others.
"""


def page(content: dict[str, Any]) -> str:
    """Returns the page in Markdown."""
    about, figures = content["about"], content["figures"]
    listed = aims(about["dossiers"], about["changes"], about["lists"])
    rows = [_row(aim, figures) for aim in listed]
    parts = [
        _HEAD,
        _about(about),
        f"![How the measured times stand to their aims]({PICTURE})\n",
        _table(("work", "aim", "motcua", "compared with", "ratio", "reached"), rows),
        "## The floor and the other end\n",
        _others(figures, about["dossiers"]),
    ]
    if questions := _questions(figures, about["dossiers"]):
        parts.append(questions)
    if content["notes"]:
        parts.append(
            "## Differences that are explained\n\n" + "".join(f"* {note}.\n" for note in content["notes"])
        )
    return "\n".join([*parts, _FOOT])


def _about(about: dict[str, Any]) -> str:
    versions = ", ".join(f"{name} {version}" for name, version in about["versions"].items())
    return (
        f"Measured on {about['measured_on']}: motcua {about['commit']}, older commit {about['before'] or _MISSING}; {versions};"
        f" {about['processor']}, {about['cores']} cores, {about['memory_gb']:.0f} GB.\n"
    )


def _row(aim: Aim, figures: dict[str, dict[str, float]]) -> tuple[str, ...]:
    sides, share = figures.get(aim.work, {}), aim.share(figures)
    ours = aim.shown(sides["ours"]) if "ours" in sides else _MISSING
    other = aim.of or next((side for side in ("peers", "before") if side in sides), "peers")
    against = f"{aim.shown(sides[other])} ({SIDES[other]})" if other in sides else _MISSING
    if share is None:
        return aim.title, aim.aim, ours, against, _MISSING, _MISSING
    of_the_aim = share / aim.limit
    ratio = f"{share:.{3 if share < 0.2 else 2}f}" if aim.of else f"{of_the_aim:.2f} of the aim"
    return aim.title, aim.aim, ours, against, ratio, "yes" if of_the_aim <= 1 else "no"


def _others(figures: dict[str, dict[str, float]], dossiers: int) -> str:
    wanted = (
        ("load", "floor", "plain `COPY` of the list as texts, nothing else", "s"),
        ("load", "duck", "DuckDB: the list to latest state and daily flow in Parquet", "s"),
        ("form_now", "duck", "DuckDB: form II.06 out of that Parquet, slowest of three periods", "ms"),
        ("form_now", "peers", "the same query over dbt's daily flow", "ms"),
        ("memory", "peers", "dlt + dbt: peak memory of Python", "GB"),
        ("disk", "peers", "dlt + dbt: disk a dossier, one statement", "kB"),
    )
    scale = {"s": 1.0, "ms": 1e3, "GB": 1e-3, "kB": 1e-3}
    rows = [
        (title, written(figures[work][side] * scale[unit], unit))
        for work, side, title, unit in wanted
        if side in figures.get(work, {})
    ]
    return _table((f"on {dossiers:,} dossiers", "measured"), rows)


def _questions(figures: dict[str, dict[str, float]], dossiers: int) -> str:
    """Returns the questions of analysts that take more than half of what they may, "" where none was asked."""
    limits = {side: limit for side, _, limit in _QUESTION_SIDES}
    asked = [
        (question, figures[f"{WORK}{question.number}"])
        for question in questions_of_page()
        if f"{WORK}{question.number}" in figures
    ]
    if not asked:
        return ""
    rows = [
        (
            f"{question.number}. {question.title}",
            *(written(sides[side], "s") if side in sides else _MISSING for side in limits),
        )
        for question, sides in asked
        if any(seconds > limits[side] / 2 for side, seconds in sides.items())
    ]
    heads = (title.format(dossiers=dossiers) for _, title, _ in _QUESTION_SIDES)
    return (
        "## Questions of analysts\n\n"
        f"Of the {len(asked)} [questions with answers](queries.md), {len(rows)} take more than half of what they may"
        f" ({_limits(dossiers)}):\n\n" + _table(("question", *heads), rows)
    )


def _limits(dossiers: int) -> str:
    return ", ".join(f"{limit:g} s {title.format(dossiers=dossiers)}" for _, title, limit in _QUESTION_SIDES)


def _table(heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [heads, tuple("---" for _ in heads), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)
