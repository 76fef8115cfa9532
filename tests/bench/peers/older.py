"""The code of an older commit, laid out beside this one for as long as it is measured."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.bench.peers.ours import CODE


@contextmanager
def code_of(commit: str, folder: Path) -> Iterator[Path]:
    """Yields a worktree of that commit; SystemExit where git does not know it."""
    _git("worktree", "add", "--force", "--detach", str(folder), commit)
    try:
        yield folder
    finally:
        _git("worktree", "remove", "--force", str(folder))


def commit_of(code: Path) -> str:
    """Returns the short name of the commit, marked where files differ from it; "unknown" outside of git."""
    try:
        named = _git("describe", "--always", "--dirty", "--abbrev=9", folder=code)
    except SystemExit:
        return "unknown"
    return named.strip()


def _git(*arguments: str, folder: Path = CODE) -> str:
    try:
        done = subprocess.run(
            ["git", "-C", str(folder), *arguments], capture_output=True, text=True, check=False
        )
    except FileNotFoundError as error:
        raise SystemExit("git is needed to measure an older commit") from error
    if done.returncode:
        raise SystemExit(f"git {' '.join(arguments)}: {done.stderr.strip()}")
    return done.stdout
