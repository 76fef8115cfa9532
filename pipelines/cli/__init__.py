"""The command `motcua`: one module per command. What a command does lives elsewhere; here it is asked for and printed."""

from __future__ import annotations

from warehouse_sql.quick_imports import quick_imports

with quick_imports():
    from pipelines.cli.app import main

__all__ = ["main"]
