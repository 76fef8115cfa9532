"""Dagster's home: where its settings lie, and where it keeps its records.

Here: writing the settings. Not here: what is in them (`dagster.yaml`), and how records are written (`dagster_records.py`).
"""

from __future__ import annotations

import hashlib
from importlib.util import find_spec
from pathlib import Path

from pipelines.settings import Settings, variable_of
from warehouse_sql.messages import message
from warehouse_sql.own_files import own_folder

_SETTINGS = Path(__file__).with_name("dagster.yaml")
_OURS = "# Written by motcua at each start. Remove this line to keep changes of your own.\n"
# What versions before 0.2 wrote, whose first line did not say whose the file is.
_OLDER = ("035f1002", "797eaef6", "286223d8")
#: In a server of one's own. The address is read from the environment, and stands in no file.
_POSTGRES = f"""\
storage:
  custom:
    module: pipelines.postgres_records
    class: PostgresRecords
    config:
      postgres_url:
        env: {variable_of("dagster_url")}
"""


class HomeError(RuntimeError):
    """Dagster's home can't be used. The message is one Vietnamese sentence."""


def prepare_dagster_home(settings: Settings) -> Path:
    """Returns Dagster's home with its settings, made if need be; settings that an office changed are kept.

    Raises HomeError where the library for records in PostgreSQL is missing.
    """
    if settings.dagster_url and not find_spec("dagster_postgres"):
        raise HomeError(
            message(
                "MOTCUA_DAGSTER_URL cần thư viện chưa cài (dagster-postgres); hãy cài motcua cùng phần “postgres” "
                "(docs/how-to/install.md)."
            )
        )
    home = own_folder(settings.dagster_home)
    file = home / "dagster.yaml"
    if not file.exists() or _is_ours(file.read_text(encoding="utf-8")):
        text = _OURS + _SETTINGS.read_text(encoding="utf-8") + (_POSTGRES if settings.dagster_url else "")
        if not file.exists() or file.read_text(encoding="utf-8") != text:
            file.write_text(text, encoding="utf-8")
    return home


def _is_ours(text: str) -> bool:
    return text.startswith(_OURS) or hashlib.sha256(text.encode()).hexdigest()[:8] in _OLDER
