"""`motcua ui`: Dagster's pages, on this machine only."""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer

from pipelines.run import prepare_dagster_home
from pipelines.settings import Settings


def ui(port: Annotated[int, typer.Option(min=1, max=65535, help="Cổng trên 127.0.0.1.")] = 3000) -> None:
    """Mở các trang của Dagster tại http://127.0.0.1:CỔNG (Ctrl+C để dừng)."""
    settings = Settings()
    home = prepare_dagster_home(settings)
    environment = os.environ | {"DAGSTER_HOME": str(home), "MOTCUA_HOME": str(settings.root)}
    command = [
        *(sys.executable, "-m", "dagster", "dev", "-m", "pipelines.definitions"),
        *("--host", "127.0.0.1", "--port", str(port)),
    ]
    os.execve(sys.executable, command, environment)
