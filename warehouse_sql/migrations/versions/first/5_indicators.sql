-- Periods, indicators and targets.

-- grain: one period of one calendar
create table mart.period (
    calendar text not null check (calendar in ('reporting', 'calendar')),
    kind text not null check (kind in ('month', 'quarter', 'half', 'nine_months', 'year')),
    year smallint not null,
    number smallint not null,
    date_from date not null,
    date_to date not null,
    label_vi text not null,
    primary key (calendar, kind, year, number),
    check (date_from <= date_to)
);
comment on table mart.period is
'Periods that reports are made for: grain one period of one calendar. select f.* from mart.period as p, mart.form_ii06(p.date_from, p.date_to) as f where …';
comment on column mart.period.calendar is 'reporting (15 of the month before to 14) or calendar.';
comment on column mart.period.kind is 'month, quarter, half, nine_months or year.';
comment on column mart.period.year is 'Year that names the period.';
comment on column mart.period.number is 'Place within the year, from 1.';
comment on column mart.period.date_from is 'First day.';
comment on column mart.period.date_to is 'Last day, included.';
comment on column mart.period.label_vi is 'The line that a form prints of it.';

-- grain: one indicator of QĐ 766/QĐ-TTg that exports can tell
create table core.indicator (
    code text primary key,
    official_code text,
    title_vi text not null,
    max_score numeric not null,
    scoring text not null check (scoring in ('linear', 'threshold', 'none')),
    has_target boolean not null,
    default_target numeric check (default_target between 0 and 1),
    is_share boolean not null,
    formula_vi text not null,
    approximation_vi text,
    catalogue_gap_vi text,
    attribute_vi text,
    source text not null,
    check (has_target = (default_target is not null))
);
comment on table core.indicator is
'Indicators of QĐ 766/QĐ-TTg that exports of dossiers can tell: grain one indicator. mart.indicator_qd766 counts them.';
comment on column core.indicator.code is 'Number in the decision.';
comment on column core.indicator.official_code is 'Code on the national portal''s dashboard; null where it is not known.';
comment on column core.indicator.title_vi is 'Name.';
comment on column core.indicator.max_score is 'Points at best; 0 for what is shown and not scored.';
comment on column core.indicator.scoring is
'threshold: all points from the target on, below it ratio * max / target; linear: ratio * max, whatever the target; none: shown only.';
comment on column core.indicator.has_target is 'The decision sets a target.';
comment on column core.indicator.default_target is 'That target, a share of 1. Targets of an office (mart.target) do not change the score.';
comment on column core.indicator.is_share is 'A share of 1, the more the better; otherwise days, the fewer the better.';
comment on column core.indicator.formula_vi is 'What is counted.';
comment on column core.indicator.approximation_vi is 'What no export tells, and what is counted in its place; null when nothing is missing.';
comment on column core.indicator.catalogue_gap_vi is 'What is counted where the catalogue of procedures does not say what the formula asks for.';
comment on column core.indicator.attribute_vi is 'What the source has to say of a dossier; a dossier of which it does not is left out.';
comment on column core.indicator.source is 'Where formula, points and target stand.';

-- grain: one target of one unit for one indicator in one year
create table mart.target (
    unit_code text not null,
    unit_valid_from date not null,
    indicator text not null,
    year smallint not null,
    target numeric not null check (target between 0 and 1),
    source text not null,
    set_at timestamptz not null default now(),
    primary key (unit_code, unit_valid_from, indicator, year)
);
comment on table mart.target is
'Targets that offices set themselves: grain one unit, indicator and year. Said by people (motcua targets import), not by exports: a rebuild leaves them as they are.';
comment on column mart.target.unit_code is 'core.dim_unit, with unit_valid_from; all for all units together.';
comment on column mart.target.unit_valid_from is 'List of units; 1900-01-01 for all.';
comment on column mart.target.indicator is 'core.indicator, or on_time: and a rule set.';
comment on column mart.target.year is 'Reporting year, 15/12 of the year before to 14/12.';
comment on column mart.target.target is 'What is to be reached, a share of 1.';
comment on column mart.target.source is 'File it was read from.';
comment on column mart.target.set_at is 'When it was set, or last changed.';
