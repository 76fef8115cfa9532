"""`motcua board`: the pages that a manager opens each morning, and who may log in to them."""

from __future__ import annotations

import typer

from pipelines.cli import board_accounts

app = typer.Typer(help="Bảng điều hành: ai được đăng nhập, ai đã xem hồ sơ nào.", no_args_is_help=True)
app.add_typer(board_accounts.app, name="account")
