-- The operations layer, part two: what sources promise to send, what came of it, and what is new in it.

-- grain: one source that promises something
create table ops.feed_rule (
    source text primary key references core.dim_source,
    every text not null check (every in ('day', 'working_day', 'weekday', 'usual')),
    weekdays smallint[] not null default '{}',
    expected_from date,
    expected_until date,
    due_by time,
    is_due_next_day boolean not null,
    rows_least integer,
    rows_most integer,
    fill jsonb not null default '{}',
    largest_drop double precision,
    weeks smallint not null,
    check ((every = 'weekday') = (weekdays <> '{}'))
);
comment on table ops.feed_rule is 'What sources promise to send (key feed of sources.yaml): grain one source that promises something.';
comment on column ops.feed_rule.source is 'core.dim_source.';
comment on column ops.feed_rule.every is 'day, working_day, weekday (the days of the week in weekdays), or usual: the rhythm that the source has kept so far.';
comment on column ops.feed_rule.weekdays is 'ISO numbers of the days of the week, 1 Monday; empty unless every is weekday.';
comment on column ops.feed_rule.expected_from is 'First export day expected; null: the first that came.';
comment on column ops.feed_rule.expected_until is 'Last export day expected; null: no end.';
comment on column ops.feed_rule.due_by is 'Local time by which the files of an export day are to arrive; null: whenever.';
comment on column ops.feed_rule.is_due_next_day is 'Whether due_by is of the day after the export day.';
comment on column ops.feed_rule.rows_least is 'Least rows of an export day; null: no limit.';
comment on column ops.feed_rule.rows_most is 'Most rows of an export day; null: no limit.';
comment on column ops.feed_rule.fill is 'Least share of rows with something in it, by canonical column.';
comment on column ops.feed_rule.largest_drop is 'Largest fall, as a share, below the median of the same weekday; null: no limit.';
comment on column ops.feed_rule.weeks is 'Weeks looked back for that median.';

-- grain: one file that was taken in
create table ops.file_content (
    file_id bigint primary key references landing.export_file,
    export_on date not null,
    fill jsonb not null default '{}',
    shapes jsonb not null default '{}',
    strange jsonb not null default '[]',
    is_accounted boolean not null default false
);
create index on ops.file_content (file_id) where not is_accounted;
comment on table ops.file_content is
'What was counted of a file when it was taken in, for feeds and drift: grain one file. No value of a dossier is among it.';
comment on column ops.file_content.file_id is 'landing.export_file.';
comment on column ops.file_content.export_on is 'Export day in Vietnam; of an unreadable file by its path, else by its arrival.';
comment on column ops.file_content.fill is 'Rows with something in it, by canonical column the file can speak of; empty for lists of steps.';
comment on column ops.file_content.shapes is 'Shapes met (text, number, styles of dates), by the source''s own name of the field.';
comment on column ops.file_content.strange is 'Headings and codes that no list knows: {kind, name, example}.';
comment on column ops.file_content.is_accounted is 'Whether ops.feed_day and ops.drift know of it.';

-- grain: one source and export day that is expected or seen
create table ops.feed_day (
    source text not null,
    day date not null,
    expected boolean not null,
    status text not null
    check (status in ('complete', 'missing', 'late', 'thin', 'failed', 'unexpected')),
    files integer not null,
    rows integer,
    expected_rows double precision,
    share double precision,
    fill_problems text[] not null,
    reason_vi text not null,
    first_arrived_at timestamptz,
    healed_on date,
    primary key (source, day)
);
create index on ops.feed_day (day) where status in ('missing', 'thin', 'failed');
comment on table ops.feed_day is
'Completeness of feeds: grain one source and export day that is expected or seen, from the first export of the source to the last of any source.';
comment on column ops.feed_day.source is 'core.dim_source.';
comment on column ops.feed_day.day is 'Export day in Vietnam.';
comment on column ops.feed_day.expected is 'Whether the calendar of the source has the day.';
comment on column ops.feed_day.status is
'complete; missing (expected, no list of dossiers came); failed (a file that can''t be read was not replaced); thin (outside the envelope); late (whole, after due_by); unexpected (came on a day that the calendar has not).';
comment on column ops.feed_day.files is 'Different contents taken in, lists of steps among them.';
comment on column ops.feed_day.rows is 'Rows of its lists of dossiers; null where none came.';
comment on column ops.feed_day.expected_rows is
'Median of the rows of the same weekday, worked or not worked alike, in the weeks before; null with fewer than 4 such days.';
comment on column ops.feed_day.share is 'rows / expected_rows.';
comment on column ops.feed_day.fill_problems is 'Columns filled less than promised.';
comment on column ops.feed_day.reason_vi is 'The status in words, in Vietnamese.';
comment on column ops.feed_day.first_arrived_at is 'When its first readable list of dossiers arrived; files loaded as arrived when exported count as in time.';
comment on column ops.feed_day.healed_on is
'Of a missing, thin or failed day: the next export day with a complete list that covers the day, if any; lists of changes heal nothing.';

-- grain: one thing of a source that was not so before
create table ops.drift (
    source text not null,
    kind text not null check (kind in ('heading', 'code', 'type', 'empty_field', 'vanished_heading')),
    name text not null,
    example text,
    first_seen_on date not null,
    first_file text not null,
    last_seen_on date not null,
    files integer not null,
    unique nulls not distinct (source, kind, name, example)
);
comment on table ops.drift is
'What changed in the exports themselves: grain one thing of a source, on the export day it first came, whatever was read first.';
comment on column ops.drift.source is 'core.dim_source.';
comment on column ops.drift.kind is
'heading (no list knows it), code (no list knows it), type (a field in another shape than on the first day), empty_field (went empty), vanished_heading (a column that is not sent any more).';
comment on column ops.drift.name is 'Heading or field by the source''s own name; canonical column for empty_field and vanished_heading.';
comment on column ops.drift.example is 'The code, or the new shape; never a value that may be about a citizen.';
comment on column ops.drift.first_seen_on is 'Export day in Vietnam.';
comment on column ops.drift.first_file is 'First file of that day, by export moment and path.';
comment on column ops.drift.last_seen_on is 'Last export day it was so.';
comment on column ops.drift.files is 'Different contents in which it is so.';
