"""Settings are the only place that reads the environment, and what is secret in it is masked from the first word on."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipelines import settings
from pipelines.settings import mask_environment
from warehouse_sql import masking
from warehouse_sql.masking import masked

_ROOT = Path(__file__).parents[2]
_ROOMS = ("assets", "quality", "pipelines", "warehouse_sql")
_READERS = {"environ", "environb", "getenv", "getenvb", "EnvVar", "putenv"}
_MAY = {
    "pipelines/settings.py": "it is the place",
    "quality/expectations.py": "Great Expectations takes its answer on analytics from nowhere else; written, not read",
    "warehouse_sql/boundaries.py": "kills of the fault tests reach a process at any step, whatever its settings",
    "warehouse_sql/cluster.py": "a server of PostgreSQL gets our environment without the PG… of other servers",
    "warehouse_sql/helper_process.py": "helpers of a run get our environment, with a number of threads for Polars",
    "warehouse_sql/dump_programs.py": "pg_dump gets our environment, with the password of the address that it is given",
}


@pytest.fixture(autouse=True)
def nothing_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(masking, "_remembered", set())
    monkeypatch.setattr(masking, "_settings", (frozenset(), frozenset()))


def test_settings_alone_read_the_environment() -> None:
    readers = {
        str(file.relative_to(_ROOT))
        for room in _ROOMS
        for file in (_ROOT / room).rglob("*.py")
        if any(_reads_environment(ast.parse(file.read_text(encoding="utf-8"))))
    }
    assert readers == set(_MAY)


def _reads_environment(tree: ast.Module) -> Iterator[bool]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            yield node.attr in _READERS
        if isinstance(node, ast.ImportFrom):
            yield any(name.name in _READERS for name in node.names)


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("MOTCUA_WAREHOUSE_URL", "postgresql://u:BiMat9Xyz@h/d"),
        ("motcua_analyst_url", "postgresql://u:BiMat9Xyz@h/d"),  # settings are read whatever the case
        ("MOTCUA_LANDING", "sftp://u:BiMat9Xyz@h/d"),
        ("MOTCUA_NOTIFY", "tgram://BiMat9Xyz/1"),
        ("https_proxy", "http://u:BiMat9Xyz@h"),
        ("PGPASSWORD", "BiMat9Xyz"),
        ("AWS_SECRET_ACCESS_KEY", "BiMat9Xyz"),
    ],
)
def test_a_secret_of_the_environment_is_masked_though_no_setting_was_read(
    variable: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, value)
    monkeypatch.setenv("MOTCUA_RUN_BY", "hôm qua")  # no settings can be made of this
    mask_environment()
    assert masked("x BiMat9Xyz y") == "x *** y"


def test_every_secret_setting_is_among_those_that_are_masked() -> None:
    hidden = {name for name, field in settings.Settings.model_fields.items() if not field.repr}
    secret = {
        name for name, field in settings.Settings.model_fields.items() if "Secret" in str(field.annotation)
    }
    assert hidden | secret == set(settings._SECRETS)
