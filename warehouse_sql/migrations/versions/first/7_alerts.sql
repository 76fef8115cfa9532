-- The operations layer, part three: alerts, what befell them, and the notices that tell of them.

-- grain: one alert: one stretch of unusual days of one watched series
create table ops.alert (
    alert_id text primary key,
    fingerprint text not null,
    kind text not null,
    unit_code text not null,
    unit_name text not null,
    field_code text,
    field_name text,
    state text not null check (state in ('pending', 'firing', 'resolved', 'silenced')),
    severity text not null check (severity in ('warning', 'critical')),
    day date not null,
    window_days smallint not null,
    observed double precision not null,
    expected double precision not null,
    p_value double precision,
    q_value double precision,
    message_vi text not null,
    opened_at timestamptz not null,
    opened_on date not null,
    last_seen_at timestamptz not null,
    fired_at timestamptz,
    resolved_at timestamptz,
    seen_on date,
    counted_on date,
    runs_seen integer not null,
    runs_quiet integer not null,
    inhibited_vi text,
    acknowledged_at timestamptz,
    acknowledged_by text,
    silenced_until date,
    group_key text,
    last_notified_at timestamptz,
    notified_on date,
    check ((state = 'resolved') = (resolved_at is not null))
);
create index on ops.alert (fingerprint, opened_on);
comment on table ops.alert is
'Alerts: grain one alert, that is one stretch of unusual days of one watched series. Kept by the alert step of a run and by motcua alerts; a rebuild leaves it alone, since people act on it.';
comment on column ops.alert.alert_id is 'What people call it by; stays when it comes back within a few runs.';
comment on column ops.alert.fingerprint is 'Stands for the watched series: kind, unit and field.';
comment on column ops.alert.kind is 'What is watched: unit, unit_field, district, province or stock.';
comment on column ops.alert.unit_code is 'core.dim_unit.';
comment on column ops.alert.unit_name is 'Name of the unit.';
comment on column ops.alert.field_code is 'Field of procedures; null unless kind is unit_field.';
comment on column ops.alert.field_name is 'Name of the field.';
comment on column ops.alert.state is
'pending (not yet told of), firing, silenced (open, and nobody is told), resolved.';
comment on column ops.alert.severity is 'warning or critical: the worst while it is open.';
comment on column ops.alert.day is 'Working day last judged unusual.';
comment on column ops.alert.window_days is 'Working days that were judged together, up to day; 0 for a stock.';
comment on column ops.alert.observed is 'Newly overdue in the window; for a stock those open and overdue.';
comment on column ops.alert.expected is 'What is usual; for a stock the threshold.';
comment on column ops.alert.p_value is 'Probability of as many or more where nothing is amiss; null for a stock.';
comment on column ops.alert.q_value is 'The same after the correction for how much is watched; null for a stock.';
comment on column ops.alert.message_vi is 'What is unusual, in one Vietnamese sentence.';
comment on column ops.alert.opened_at is 'First seen.';
comment on column ops.alert.opened_on is 'Working day first judged unusual.';
comment on column ops.alert.last_seen_at is 'Last seen.';
comment on column ops.alert.fired_at is 'First held for long enough to be told of; null: never.';
comment on column ops.alert.resolved_at is 'Ended; null while open.';
comment on column ops.alert.seen_on is 'Working day of the last run that counted as seen; null while a gap in the feeds holds it up.';
comment on column ops.alert.counted_on is 'Working day of the last run that counted, seen or quiet.';
comment on column ops.alert.runs_seen is 'Runs on new working days that saw it, since it opened.';
comment on column ops.alert.runs_quiet is 'Runs on new working days since that did not.';
comment on column ops.alert.inhibited_vi is 'Why it is held up: which feed of the unit has a gap; null when nothing holds it up.';
comment on column ops.alert.acknowledged_at is 'When somebody took it on; no reminders since.';
comment on column ops.alert.acknowledged_by is 'Who: a name of an account or an office.';
comment on column ops.alert.silenced_until is 'Last day on which nobody is told.';
comment on column ops.alert.group_key is 'Alert whose notice told of this one too; its own id where it was told of alone.';
comment on column ops.alert.last_notified_at is 'When the last notice of it was written.';
comment on column ops.alert.notified_on is 'Local day of that.';

-- grain: one notice to one channel
create table ops.notice (
    notice_id bigint generated always as identity primary key,
    fingerprint text not null,
    channel text not null,
    kind text not null check (kind in ('alert', 'resolved', 'dead_man', 'run_failed', 'feed')),
    severity text not null check (severity in ('info', 'warning', 'critical')),
    subject text not null,
    body text not null,
    alert_ids text[] not null default '{}',
    created_at timestamptz not null,
    attempts integer not null default 0,
    next_attempt_at timestamptz not null,
    sent_at timestamptz,
    given_up_at timestamptz,
    last_error text,
    unique (fingerprint, channel),
    check (sent_at is null or given_up_at is null)
);
create index on ops.notice (next_attempt_at) where sent_at is null and given_up_at is null;
comment on table ops.notice is
'Outbox: grain one notice to one channel. Written with the change it tells of, sent afterwards, at least once; the fingerprint travels in the message.';
comment on column ops.notice.notice_id is 'Key.';
comment on column ops.notice.fingerprint is 'Stands for what is told; receivers may discard repeats by it.';
comment on column ops.notice.channel is 'Label of the channel: service and a digest without its secrets.';
comment on column ops.notice.kind is 'alert, resolved, dead_man (no run ended well), run_failed or feed (a source sent nothing).';
comment on column ops.notice.severity is 'info, warning or critical.';
comment on column ops.notice.subject is 'Subject, at most 80 characters.';
comment on column ops.notice.body is 'Text, one screen; nothing of citizens.';
comment on column ops.notice.alert_ids is 'Alerts it tells of.';
comment on column ops.notice.created_at is 'Written.';
comment on column ops.notice.attempts is 'Times it was tried.';
comment on column ops.notice.next_attempt_at is 'Not tried before; while it is being tried, when whoever tries counts as dead.';
comment on column ops.notice.sent_at is 'When the channel took it.';
comment on column ops.notice.given_up_at is 'When it was given up.';
comment on column ops.notice.last_error is 'Why the last try failed, without secrets.';

-- grain: one thing that befell one alert or one notice
create table ops.alert_event (
    event_id bigint generated always as identity primary key,
    at timestamptz not null,
    alert_id text,
    notice_id bigint,
    event text not null check (
        event in (
            'opened', 'fired', 'escalated', 'inhibited', 'released', 'dropped', 'resolved', 'reopened', 'acknowledged',
            'silenced', 'unsilenced', 'notified', 'sent', 'failed', 'given_up'
        )
    ),
    day date,
    actor text,
    detail text,
    check (alert_id is not null or notice_id is not null)
);
create index on ops.alert_event (alert_id);
comment on table ops.alert_event is
'What befell alerts and notices: grain one event. Rows are only ever added.';
comment on column ops.alert_event.event_id is 'Key.';
comment on column ops.alert_event.at is 'When.';
comment on column ops.alert_event.alert_id is 'ops.alert; null for notices that tell of none.';
comment on column ops.alert_event.notice_id is 'ops.notice; null for what befell an alert itself.';
comment on column ops.alert_event.event is
'opened, fired, escalated, inhibited (a feed has a gap), released (it has none any more), dropped (before anybody was told), resolved, reopened, acknowledged, silenced, unsilenced, notified (a notice was written), sent, failed, given_up.';
comment on column ops.alert_event.day is 'Working day that was judged.';
comment on column ops.alert_event.actor is 'Who did it, where a person did.';
comment on column ops.alert_event.detail is 'Note of a person, gap of a feed, or error of a channel without secrets.';

-- grain: one fit of the model of what goes overdue
create table ops.due_soon_model (
    trained_through date primary key,
    fitted jsonb not null,
    is_kept boolean not null,
    lists integer not null,
    precision_model double precision,
    precision_plain double precision,
    brier_model double precision,
    brier_plain double precision,
    calibration_error double precision,
    reason_vi text not null
);
comment on table ops.due_soon_model is
'Fits of the model of what goes overdue: grain one fit. Its probabilities are shown only while they order dossiers better than the days left do.';
comment on column ops.due_soon_model.trained_through is 'Last working day whose outcomes it knows.';
comment on column ops.due_soon_model.fitted is 'Rates and weights.';
comment on column ops.due_soon_model.is_kept is 'Whether it beat the plain order on days it had not seen.';
comment on column ops.due_soon_model.lists is 'Lists of a unit and day on which both were tried: those longer than five.';
comment on column ops.due_soon_model.precision_model is 'Share of overdue ones among the first five of a list, ordered by the model.';
comment on column ops.due_soon_model.precision_plain is 'The same, ordered by days left.';
comment on column ops.due_soon_model.brier_model is 'Mean squared error of its probabilities.';
comment on column ops.due_soon_model.brier_plain is 'That of the plain share by days left.';
comment on column ops.due_soon_model.calibration_error is 'Mean distance of probabilities from what came of them, over ten groups.';
comment on column ops.due_soon_model.reason_vi is 'Why it is kept or not, in Vietnamese.';

-- grain: one open dossier that is due within the next three working days
create table mart.due_soon (
    dossier_code text primary key,
    unit_code text not null,
    unit_valid_from date not null,
    unit_name text not null,
    procedure_code text not null,
    due_at timestamp not null,
    working_days_left integer not null,
    probability double precision,
    place integer not null,
    as_of date not null
);
comment on table mart.due_soon is
'Dossiers due within the next three working days, per unit in the order in which to look at them: grain one dossier as of the last export. By the estimated probability of going overdue where that beats the order by days left (ops.due_soon_model), else by days left. An estimate: the model is fitted once a week on what was known then, so a rebuild may differ.';
comment on column mart.due_soon.dossier_code is 'Dossier code.';
comment on column mart.due_soon.unit_code is 'core.dim_unit, with unit_valid_from.';
comment on column mart.due_soon.unit_valid_from is 'List of units.';
comment on column mart.due_soon.unit_name is 'Name of the unit.';
comment on column mart.due_soon.procedure_code is 'core.dim_procedure.';
comment on column mart.due_soon.due_at is 'Due date as it stands, local time.';
comment on column mart.due_soon.working_days_left is 'Working days from as_of to the due date, 1 to 3.';
comment on column mart.due_soon.probability is 'Estimated probability of being open still when its due day ends; null while the model is not kept.';
comment on column mart.due_soon.place is 'Place in the list of its unit, from 1.';
comment on column mart.due_soon.as_of is 'Day of the last export.';
