"""`make fuzz`: many inputs on some processes; what came of them, and a seed for each one that went wrong.

An input that takes too long is reported; one that does not end has its process killed, and the next goes on after it.
"""

from __future__ import annotations

import argparse
import multiprocessing
import resource
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait

from tests.fuzz.bases import BASES
from tests.fuzz.check import check
from tests.fuzz.mutate import make

_SECONDS = 5.0  # of the processor
_KILL_AFTER = 60.0  # by the clock, however busy the machine is
_TELL_EVERY = 5000
_MOST_FAILURES = 500  # then something is wrong with the fuzzer
_MEGABYTES = 400  # above what the process took before its first input


@dataclass
class Totals:
    """What came of all inputs so far."""

    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    slowest: tuple[float, int] = (0.0, -1)
    megabytes: int = 0
    failures: list[str] = field(default_factory=list)

    def fail(self, what: str) -> None:
        """Notes what went wrong, and says it at once."""
        self.failures.append(what)
        print(what, file=sys.stderr, flush=True)


def _peak_megabytes() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def _work(pipe: Connection, seed: int, first: int, stop: int, step: int) -> None:
    """Tells (number, kind, rows, seconds, MB above the base, what is wrong), before each input its number."""
    check(make(seed, first))
    base = _peak_megabytes()
    for number in range(first, stop, step):
        pipe.send(number)
        given = make(seed, number)
        begun = time.process_time()
        outcome = check(given)
        took = time.process_time() - begun
        above = _peak_megabytes() - base
        broken = outcome.broken
        if broken:
            broken = f"{broken} [{', '.join(given.ways)}]"
        pipe.send((number, given.base.name, outcome.rows, took, above, broken))
    pipe.send(None)


@dataclass
class _Worker:
    seed: int
    place: int
    stop: int
    step: int

    def __post_init__(self) -> None:
        self.now = self.place
        self.start(self.place)

    def start(self, first: int) -> None:
        """A new process that goes on from that input."""
        self.pipe, other = multiprocessing.Pipe(duplex=False)
        self.process = multiprocessing.get_context("spawn").Process(
            target=_work, args=(other, self.seed, first, self.stop, self.step), daemon=True
        )
        self.process.start()
        other.close()
        self.since, self.now = time.monotonic() + 60, first  # it has to import first

    def next_after(self, why: str, totals: Totals) -> bool:
        """Ends the process, reports its input, goes on after it; False when that was the last."""
        self.process.kill()
        self.process.join()
        totals.fail(f"input {self.now}: {why}")
        if self.now + self.step >= self.stop or len(totals.failures) > _MOST_FAILURES:
            return False
        self.start(self.now + self.step)
        return True

    def take(self, totals: Totals) -> bool:
        """One message of the process; False when it is done."""
        try:
            shown = self.pipe.recv()
        except EOFError:
            self.process.join()
            return self.next_after(f"the process died (exit code {self.process.exitcode})", totals)
        if shown is None:
            self.process.join()
            return False
        if isinstance(shown, int):
            self.now, self.since = shown, time.monotonic()
            return True
        number, kind, rows, took, above, broken = shown
        totals.counts[kind, "inputs"] += 1
        totals.counts[kind, "refused" if rows is None else "read"] += 1
        totals.counts[kind, "rows"] += rows or 0
        totals.slowest = max(totals.slowest, (took, number))
        totals.megabytes = max(totals.megabytes, above)
        if broken:
            totals.fail(f"input {number}: {kind}: {broken}")
        if took > _SECONDS:
            totals.fail(f"input {number}: {kind}: took {took:.1f} s of the processor")
        return True


def run(inputs: int, seed: int, processes: int, first: int = 0) -> Totals:
    """Tries inputs `first` ... `first + inputs - 1` of that seed."""
    totals = Totals()
    workers = [
        _Worker(seed, first + place, first + inputs, processes) for place in range(min(processes, inputs))
    ]
    shown = 0
    while workers:
        done = sum(count for (_, what), count in totals.counts.items() if what == "inputs")
        if done // _TELL_EVERY > shown:
            shown = done // _TELL_EVERY
            print(f"{done} inputs, {len(totals.failures)} failures", file=sys.stderr, flush=True)
        ready = wait([worker.pipe for worker in workers], timeout=0.5)
        for worker in list(workers):
            if worker.pipe in ready:
                alive = worker.take(totals)
            elif time.monotonic() - worker.since > _KILL_AFTER:
                alive = worker.next_after(f"not done after {_KILL_AFTER:.0f} s, killed", totals)
            else:
                alive = True
            if not alive:
                workers.remove(worker)
    if totals.megabytes > _MEGABYTES:
        totals.fail(f"memory grew by {totals.megabytes} MB")
    return totals


def main() -> int:
    """The command; 1 when anything went wrong."""
    options = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    options.add_argument("--inputs", type=int, default=100_000)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--first", type=int, default=0, help="number of the first input, to try one again")
    options.add_argument("--processes", type=int, default=2)
    shown = options.parse_args()
    begun = time.monotonic()
    totals = run(shown.inputs, shown.seed, shown.processes, shown.first)
    print(f"{'reader':<20}{'inputs':>9}{'refused':>9}{'read':>9}{'rows':>10}")
    for name in [base.name for base in BASES]:
        counts = [totals.counts[name, what] for what in ("inputs", "refused", "read", "rows")]
        print(f"{name:<20}" + "".join(f"{count:>{9 + (place == 3)}}" for place, count in enumerate(counts)))
    every = [
        sum(n for (_, written), n in totals.counts.items() if written == what)
        for what in ("inputs", "refused", "read", "rows")
    ]
    print(f"{'all':<20}" + "".join(f"{count:>{9 + (place == 3)}}" for place, count in enumerate(every)))
    took, number = totals.slowest
    print(f"slowest: input {number}, {took:.2f} s; memory: at most {totals.megabytes} MB above the base")
    print(f"seed {shown.seed}, {time.monotonic() - begun:.0f} s, {len(totals.failures)} failures")
    for failure in totals.failures[:200]:
        print(
            f"  {failure}  (again: --seed {shown.seed} --inputs 1 --first {failure.split()[1].rstrip(':')})"
        )
    return 1 if totals.failures else 0
