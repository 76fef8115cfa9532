"""Views and functions of the warehouse: the order in which they are made, and who may read whom.

No database is needed: the files say it all.
"""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

import pytest

from warehouse_sql.objects import ObjectCircleError, in_order, names_in, object_files, object_of

_ROOT = Path(__file__).parents[2]
_SQL = _ROOT / "warehouse_sql"
#: From the ground up: an object reads its own schema and those before it.
_SCHEMAS = ("landing", "history", "core", "mart", "ops", "vi")
#: Object -> what it reads of a schema above its own, and why it has to.
_UPWARDS = {
    # How far figures go is kept with the operations; what stands behind it is no figure yet.
    "landing.known_through": {"ops.setting"},
    # Which portal a source is, and which source goes first, is reference data; statements can't be ranked without.
    "history.dossier_statement": {"core.dim_source"},
    "history.absence": {"core.dim_source"},
    # Figures of a day or month with a gap carry a mark, and gaps are kept with the operations.
    "mart.overdue_daily": {"ops.feed_day"},
    "mart.timeliness_month": {"ops.feed_day"},
    "mart.explain_fall": {"ops.feed_day"},
    # Readers of marts ask whether figures are whole, and when they were last brought up to date.
    "mart.feed": {"ops.feed_day"},
    "mart.published": {"ops.run", "ops.setting"},
    # What a login may see is kept with the operations; elsewhere policies of tables ask for it.
    "mart.form_ii06_successor": {"ops.sees_every_unit", "ops.visible_unit"},
    "mart.incomplete_feed": {"ops.feed_day", "ops.expected_day", "ops.file_content"},
}
_REFERENCE = re.compile(rf"(?:{'|'.join(_SCHEMAS)})\.\w+")


def test_an_object_is_made_behind_all_that_it_needs_and_else_by_name() -> None:
    sources = {
        "core/views/b.sql": "create view core.b as select * from core.c;",
        "core/views/c.sql": "create view core.c as select 1 as a; comment on view core.c is 'Read by core.b.';",
        "core/views/a.sql": "-- beside core.b\ncreate view core.a as select * from core.table_of_none;",
        "core/functions/f.sql": "create function core.f() language plpgsql as $$ begin perform core.g(); end $$;",
        "core/functions/g.sql": "create function core.g() language sql as $$ select core.f() $$;",
    }
    assert in_order(sources) == (
        "core/functions/f.sql",
        "core/views/a.sql",
        "core/views/c.sql",
        "core/functions/g.sql",
        "core/views/b.sql",
    )
    assert in_order(dict(reversed(sources.items()))) == in_order(sources)


def test_a_circle_is_an_error_that_names_its_files() -> None:
    with pytest.raises(
        ObjectCircleError, match=r"core/views/one.sql → mart/views/two.sql|mart/views/two.sql →"
    ):
        in_order(
            {
                "core/views/one.sql": "create view core.one as select * from mart.two;",
                "mart/views/two.sql": "create view mart.two as select * from core.one;",
            }
        )


def test_every_file_makes_the_object_that_its_path_says() -> None:
    assert len(object_files()) > 50
    for file in object_files():
        kind = "view" if "/views/" in file else "function"
        source = (_SQL / file).read_text(encoding="utf-8")
        made = re.findall(r'^create (view|function) (vi\."[^"]+"|[a-z_0-9.]+)', source, re.M)
        assert [(kind, _without_accents(name)) for kind, name in made] == [(kind, object_of(file))], file


def test_no_object_of_a_lower_schema_reads_a_higher_one() -> None:
    upwards = {}
    for file in object_files():
        rank = _SCHEMAS.index(file.split("/")[0])
        read = {
            name
            for name in names_in((_SQL / file).read_text(encoding="utf-8"))
            if _REFERENCE.fullmatch(name) and _SCHEMAS.index(name.split(".")[0]) > rank
        }
        if read:
            upwards[object_of(file)] = read
    assert upwards == _UPWARDS


def test_every_statement_is_called_by_its_path() -> None:
    python = "".join(
        file.read_text(encoding="utf-8")
        for package in ("assets", "quality", "warehouse_sql", "pipelines")
        for file in (_ROOT / package).rglob("*.py")
    )
    statements = {
        file.relative_to(_SQL).as_posix()
        for file in _SQL.rglob("*.sql")
        if "migrations" not in file.relative_to(_SQL).parts
    } - set(object_files())
    assert len(statements) > 100
    assert sorted(name for name in statements if f'"{name}"' not in python) == []
    named = set(re.findall(r'"((?:[a-z_]+/)?[a-z_0-9]+\.sql)"', python))
    assert sorted(name for name in named if not (_SQL / name).is_file()) == []


def _without_accents(name: str) -> str:
    """Returns vi.ho_so for vi."Hồ sơ": files are named without accents."""
    if not name.startswith("vi."):
        return name
    plain = unicodedata.normalize("NFD", name.lower().replace("đ", "d").replace('"', "").replace(" ", "_"))
    return "".join(letter for letter in plain if not unicodedata.combining(letter))
