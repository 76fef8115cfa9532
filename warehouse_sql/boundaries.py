"""The places between a run's steps at which it may be killed, by name.

`tests/faults` kills, stops and starves real runs at every pass of every one of them: a step that writes says here
where it begins to matter. Not here: what is done there.
"""

from __future__ import annotations

import os
import signal
from collections import Counter
from typing import Literal, get_args

Boundary = Literal[
    "migration.before_commit",
    "migration.committed",
    "run.begun",
    "reference.before_commit",
    "archive.before_rename",
    "archive.kept",
    "archive.prune_noted",
    "manifest.noted",
    "staging.before_commit",
    "staging.committed",
    "file.registered",
    "file.taken_in",
    "publication.before_commit",
    "publication.committed",
    "known_file.before_commit",
    "procedures.before_commit",
    "procedures.committed",
    "facts.bucket",
    "facts.published",
    "facts.before_commit",
    "facts.committed",
    "feeds.before_commit",
    "aggregates.half_summed",
    "aggregates.before_commit",
    "aggregates.committed",
    "replay.before_commit",
    "replay.committed",
    "reread.before_commit",
    "reread.committed",
    "run.ended",
    "alerts.before_commit",
    "alerts.committed",
    "notice.claimed",
    "notice.sent",
    "notice.marked",
    "rebuild.before_commit",
    "rebuild.committed",
    "backup.written",
    "restore.before_commit",
    "restore.committed",
]
BOUNDARIES: tuple[Boundary, ...] = get_args(Boundary)

#: "name:count" kills this process at the count-th pass of the name; "name:count:STOP" sends SIGSTOP instead.
VARIABLE = "MOTCUA_KILL_AT"

#: How often each was passed by this process.
passes: Counter[Boundary] = Counter()


def reached(name: Boundary) -> None:
    """Counts a pass. Nothing else, unless the environment asks for a signal at this one."""
    passes[name] += 1
    if asked := os.environ.get(VARIABLE):
        place, count, *kind = asked.split(":")
        if place == name and int(count) == passes[name]:
            os.kill(os.getpid(), signal.Signals[f"SIG{kind[0] if kind else 'KILL'}"])
