"""`motcua` as its users call it: in a process of its own, or, where that adds nothing but seconds, in this one."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from contextlib import chdir, redirect_stderr, redirect_stdout
from pathlib import Path

import pytest

from pipelines.cli import main
from warehouse_sql import masking

Done = subprocess.CompletedProcess[str]
Motcua = Callable[..., Done]
#: Of a test's commands, below its own folder.
HOME = "nhà của tôi"


def own_environment(home: Path, url: str) -> dict[str, str]:
    """A home and a warehouse of the test's own, whatever this shell has set."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("MOTCUA_")}
    return inherited | {
        **{"MOTCUA_HOME": str(home), "MOTCUA_WAREHOUSE_URL": url, "LANG": "C.UTF-8"},
        **{"MOTCUA_RETRIES": "0", "MOTCUA_RUN_WAIT": "5", "MOTCUA_LOG": "text"},
    }


def run_process(arguments: tuple[str, ...], environment: Mapping[str, str], folder: Path) -> Done:
    """The command in a process of its own."""
    return subprocess.run(
        [sys.executable, "-c", "from pipelines.cli import main; main()", *arguments],
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=folder,
        check=False,
    )


def run_here(arguments: tuple[str, ...], environment: Mapping[str, str], folder: Path) -> Done:
    """The same in this process: its exit code, and what it wrote on which stream."""
    out, err, code = io.StringIO(), io.StringIO(), 0
    with pytest.MonkeyPatch.context() as patch, chdir(folder), redirect_stdout(out), redirect_stderr(err):
        for name in [name for name in os.environ if name.startswith("MOTCUA_")]:
            patch.delenv(name)
        for name, value in environment.items():
            patch.setenv(name, value)
        patch.setattr(sys, "argv", ["motcua", *arguments])
        patch.setattr(
            masking, "_remembered", set()
        )  # of commands before, which a process of its own does not know
        try:
            main()
        except SystemExit as ended:
            code = ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    return Done(["motcua", *arguments], code, out.getvalue(), err.getvalue())
