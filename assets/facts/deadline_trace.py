"""How a due instant comes about, day by day, for people to read and check by hand.

The days are walked one after the other, by the rules of docs/deadline.md, not looked up: a second
computation next to `deadline.find_due`, with which it must agree (the tests hold them together).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Literal

from assets.dimensions.work_calendar import day_number
from assets.facts.deadline import (
    LIMIT_DAY_US,
    NO_LIMIT,
    NOT_RECEIVED,
    UNITS,
    WAITING,
    Case,
    Due,
    Extension,
    Office,
    Pause,
    Unit,
    checked_limit,
    moves_of,
    waited_time,
)
from assets.facts.deadline_words import Lang, TraceWords

#: counted and off: a day that counts, and one that does not; the others are what happened.
Kind = Literal[
    "received", "start", "counted", "off", "hours", "ignored", "pause", "extension", "waiting", "due"
]

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class TraceLine:
    """One step: the day it is about, which day of the limit it is if it counts, and a sentence."""

    on: date
    kind: Kind
    text: str
    counted: int | None = None


@dataclass(frozen=True, slots=True)
class Explanation:
    """The result, the steps to it in order, and the whole in one line."""

    due: Due
    lines: tuple[TraceLine, ...]
    summary: str


def explain(case: Case, office: Office, lang: Lang = "vi") -> Explanation:
    """Returns the trace and summary in Vietnamese, or English (`lang="en"`); errors as of `find_due`."""
    words = TraceWords(lang)
    if case.received_at is None:
        return Explanation(NOT_RECEIVED, (), words.say("s_not_received") + ".")
    walk = _Walk(office, words)
    due = walk.follow(case, case.received_at)
    return Explanation(due, tuple(walk.lines), walk.summary(case, due))


@dataclass
class _Walk:
    """A walk through the days; what it has met so far is kept for the summary."""

    office: Office
    words: TraceWords
    lines: list[TraceLine] = field(default_factory=list)
    days_off: Counter[str] = field(default_factory=Counter)
    makeups: list[date] = field(default_factory=list)
    waited: timedelta = timedelta(0)
    extended_to: datetime | None = None
    first_counted: date | None = None
    open_since: datetime | None = None

    def add(self, on: date, kind: Kind, sentence: str, counted: int | None = None, **parts: object) -> None:
        self.lines.append(TraceLine(on, kind, self.words.say(sentence, **parts), counted))

    def follow(self, case: Case, received: datetime) -> Due:
        """Returns reception, limit, and what moves the due date, in the order of time."""
        limit = checked_limit(case.limit_value, case.limit_unit)
        self.add(received.date(), "received", "received", when=self.words.when(received))
        self.add_ignored(case, received)
        due = None if limit is None else self.count(received, *limit)
        if limit is None:
            self.add(received.date(), "due", "no_limit")
        moves, self.open_since = moves_of(case)
        due = self.move(due, moves)
        if self.open_since is not None:
            since = self.words.when(self.open_since)
            self.add(self.open_since.date(), "waiting", "waiting", when=since)
            return WAITING
        if due is None:
            return NO_LIMIT
        self.add(due.date(), "due", "due", when=self.words.when(due))
        return Due(due)

    def add_ignored(self, case: Case, received: datetime) -> None:
        for pause in sorted(case.pauses, key=lambda case_pause: case_pause.paused_at):
            if pause.paused_at < received:
                when = self.words.when(pause.paused_at)
                self.add(pause.paused_at.date(), "ignored", "ignored_pause", when=when)
        for letter in sorted(case.extensions, key=lambda letter_sent: letter_sent.extended_at):
            if letter.extended_at < received:
                when = self.words.when(letter.extended_at)
                self.add(letter.extended_at.date(), "ignored", "ignored_letter", when=when)

    def count(self, received: datetime, length: int, unit: Unit) -> datetime:
        """Returns the due instant by the limit alone."""
        at = self.into_hours(received, ("after_hours", "before_hours", "in_break"))
        if length == 0:
            at = self.roll(at)
            self.first_counted = at.date()
            at = datetime.combine(at, self.office.hours.sessions[-1][1])
            self.add(at.date(), "counted", "same_day", when=self.words.when(at))
            return at
        days, rest = divmod(length, LIMIT_DAY_US)
        if unit == "hour" or (rest and not (unit == "day" and days)):
            at = self.open(at)
        for number in range(1, days + 1):
            at = self.next_counted(at, number, unit)
        at = self.roll(at) if unit == "day" else at
        return self.run_hours(at, timedelta(microseconds=rest)) if rest else at

    def open(self, at: datetime) -> datetime:
        """Returns when hours begin to run: on a day off, with the opening of the next working day."""
        opened = self.roll(at)
        if opened != at:
            opened = datetime.combine(opened, self.office.hours.sessions[0][0])
            self.add(opened.date(), "start", "opens", when=self.words.when(opened))
        self.first_counted = opened.date()
        return opened

    def into_hours(self, at: datetime, sentences: tuple[str, str, str]) -> datetime:
        """Returns the instant, or the next one in office hours, whatever the day."""
        sessions, clock = self.office.hours.sessions, at.time()
        if clock > sessions[-1][1]:
            moved, sentence = datetime.combine(at + _DAY, sessions[0][0]), sentences[0]
        elif clock < sessions[0][0]:
            moved, sentence = datetime.combine(at, sessions[0][0]), sentences[1]
        elif sessions[0][1] < clock < sessions[-1][0]:
            moved, sentence = datetime.combine(at, sessions[-1][0]), sentences[2]
        else:
            return at
        closed = self.words.clock(sessions[-1][1])
        self.add(at.date(), "start", sentence, when=self.words.when(moved), clock=closed)
        return moved

    def roll(self, at: datetime) -> datetime:
        """Returns the same clock time on the day itself or the next working day."""
        while not self.works(at):
            self.add(at.date(), "off", "rolled", day=self.words.day(at.date()), name=self.rest_name(at))
            self.remember(at)
            at += _DAY
        return at

    def next_counted(self, at: datetime, number: int, unit: Unit) -> datetime:
        """Returns the next day that counts; days that do not are added to the trace."""
        at += _DAY
        while not self.counts(at, unit):
            self.add(at.date(), "off", "off", day=self.words.day(at.date()), name=self.rest_name(at))
            self.remember(at)
            at += _DAY
        place, day = self.place(at), self.words.day(at.date())
        calendar = self.office.calendar
        if unit == "day":
            sentence = "calendar" if self.works(at) else "calendar_off"
            name = "" if self.works(at) else self.rest_name(at)
        else:
            sentence = "makeup" if calendar.is_makeup[place] else "working"
            name = (calendar.names[place] or "").lower()
        if calendar.is_makeup[place] and unit != "day":
            self.makeups.append(at.date())
        self.first_counted = self.first_counted or at.date()
        self.add(at.date(), "counted", sentence, number, day=day, n=number, name=name)
        return at

    def run_hours(self, at: datetime, rest: timedelta) -> datetime:
        """So much working time later."""
        while True:
            at = self.roll(at)
            self.first_counted = self.first_counted or at.date()
            left, spans = rest, []
            for opens, closes in self.office.hours.sessions:
                start = max(at, datetime.combine(at, opens))
                end = min(datetime.combine(at, closes), start + rest)
                if end > start:
                    spans.append(f"{self.words.clock(start.time())}–{self.words.clock(end.time())}")
                    rest -= end - start
                    at = end
                if not rest:
                    break
            if spans:
                self.add_hours(at.date(), spans, left - rest, rest)
            if not rest:
                return at
            at = datetime.combine(at + _DAY, time.min)

    def add_hours(self, day: date, spans: list[str], worked: timedelta, left: timedelta) -> None:
        done, more, shown = self.words.hours(worked), self.words.hours(left), ", ".join(spans)
        sentence = "hours" if left else "hours_done"
        self.add(day, "hours", sentence, day=self.words.day(day), spans=shown, worked=done, left=more)

    def move(self, due: datetime | None, moves: Sequence[Pause | Extension]) -> datetime | None:
        for move in moves:
            if isinstance(move, Extension):
                due = self.extend(move)
            elif move.resumed_at is not None:
                due = self.resume(due, move.paused_at, move.resumed_at)
        return due

    def extend(self, letter: Extension) -> datetime:
        stated = letter.due
        if not isinstance(stated, datetime):
            stated = datetime.combine(stated, self.office.hours.sessions[-1][1])
        self.extended_to = stated
        when, due = self.words.when(letter.extended_at), self.words.when(stated)
        self.add(letter.extended_at.date(), "extension", "extended", when=when, due=due)
        return stated

    def resume(self, due: datetime | None, paused_at: datetime, resumed_at: datetime) -> datetime | None:
        waited = waited_time(paused_at, resumed_at, self.office)
        self.waited += waited
        duration, start, end = (
            self.words.duration(waited),
            self.words.when(paused_at),
            self.words.when(resumed_at),
        )
        self.add(resumed_at.date(), "pause", "paused", start=start, end=end, waited=duration)
        if due is None:
            return None
        new = due + waited
        old, now = self.words.when(due), self.words.when(new)
        self.add(new.date(), "pause", "moved", old=old, waited=duration, new=now)
        return self.roll(self.into_hours(new, ("into_hours",) * 3))

    def place(self, at: date) -> int:
        return self.office.calendar.place(day_number(at))

    def works(self, at: date) -> bool:
        return self.office.calendar.is_working[self.place(at)]

    def counts(self, at: date, unit: Unit) -> bool:
        if unit != "day":
            return self.works(at)
        return not (self.office.skip_holidays and self.office.calendar.is_holiday[self.place(at)])

    def rest_name(self, at: date) -> str:
        name = self.office.calendar.names[self.place(at)]
        return self.words.holiday(name) if name else self.words.say("weekend")

    def remember(self, at: date) -> None:
        name = self.office.calendar.names[self.place(at)]
        if name:
            self.days_off[self.words.short_holiday(name)] += 1

    def summary(self, case: Case, due: Due) -> str:
        """Returns the whole trace in one line."""
        say, words = self.words.say, self.words
        assert case.received_at is not None
        parts = [say("s_received", when=words.when(case.received_at))]
        if case.limit_value is not None and case.limit_unit is not None:
            limit = words.limit(case.limit_value, UNITS[case.limit_unit])
            parts[0] += ", " + (say("s_limit", limit=limit) if case.limit_value else say("s_zero"))
            if self.first_counted is not None:
                parts[0] += ", " + say("s_from", day=words.day(self.first_counted))
        parts += [say("s_holiday", name=name, n=count) for name, count in self.days_off.items()]
        makeups = Counter(words.weekday(day) for day in self.makeups)
        parts += [say("s_makeup", weekday=weekday, n=count) for weekday, count in makeups.items()]
        if self.waited:
            parts.append(say("s_paused", waited=words.duration(self.waited)))
        if self.extended_to is not None:
            parts.append(say("s_extended", due=words.when(self.extended_to)))
        if self.open_since is not None:
            parts.append(say("s_waiting", when=words.when(self.open_since)))
        elif due.due_at is None:
            parts.append(say("s_no_limit"))
        else:
            parts.append(say("s_due", when=words.when(due.due_at)))
        return "; ".join(parts) + "."
