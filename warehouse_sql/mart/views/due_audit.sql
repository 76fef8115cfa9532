-- grain: one counted dossier: what the portal promised and what the rules give, at reception and now.
create view mart.due_audit as
with
-- Few dossiers ever had another due date than the first one; the story of these alone is looked at. Written as a case, the
-- comparison is taken for what it is: true of few.
moved as (
    select distinct p.dossier_code
    from core.fct_dossier_span as p
    inner join core.fct_dossier as g on p.dossier_code = g.dossier_code
    where case when p.due_at is distinct from g.first_due_at then 1 end = 1
),

move as (
    select
        v.dossier_code,
        s.valid_from,
        s.reason,
        s.due_at > s.previous_due_at as is_later,
        s.is_after_it_had_passed
    from moved as v
    cross join lateral (
        select y.*
        from mart.due_story as y
        where y.dossier_code = v.dossier_code and y.due_number > 1
        order by y.due_number desc
        limit 1
    ) as s
),

compared as (
    select
        f.dossier_code,
        f.unit_code,
        f.unit_valid_from,
        f.unit_key,
        f.procedure_key,
        f.procedure_code,
        f.channel,
        f.state,
        f.received_at,
        d.limit_value,
        d.limit_unit,
        d.limit_source,
        f.first_due_at as promised_due_at,
        d.computed_due_at,
        f.due_at as current_due_at,
        d.computed_current_due_at,
        d.weekday_due_at,
        d.computed_reason,
        m.valid_from as moved_at,
        m.reason as move_reason,
        m.is_later,
        (f.first_due_at is distinct from d.computed_due_at) as promise_differs,
        -- While the applicant is waited for no due instant is in force: nothing to compare.
        case
            when m.valid_from is null or d.computed_current_reason = 'waiting' then false
            else (f.due_at is distinct from d.computed_current_due_at)
        end as current_differs
    from core.fct_dossier as f
    inner join core.fct_due as d on f.dossier_code = d.dossier_code
    left join move as m on f.dossier_code = m.dossier_code
),

judged as (
    select
        c.*,
        case
            when not c.promise_differs and not c.current_differs then null
            when c.computed_due_at is null then 'no_limit'
            when c.current_differs and c.move_reason = 'supplement' then 'pause'
            when c.current_differs and c.move_reason = 'extension' and c.is_later then 'extension'
            when c.current_differs then 'edited'
            when c.promised_due_at is null then 'no_promise'
            when c.promised_due_at = c.weekday_due_at then 'calendar'
            else 'other_limit'
        end as reason_code,
        case when c.current_differs then c.current_due_at else c.promised_due_at end as portal_due_at,
        case when c.current_differs then c.computed_current_due_at else c.computed_due_at end as our_due_at
    from compared as c
)

select
    j.dossier_code,
    j.unit_code,
    j.unit_valid_from,
    j.unit_key,
    j.procedure_key,
    u.unit_name,
    j.procedure_code,
    j.channel,
    j.state,
    j.received_at,
    j.limit_value,
    j.limit_unit,
    j.limit_source,
    j.promised_due_at,
    j.computed_due_at,
    j.current_due_at,
    j.computed_current_due_at,
    j.promise_differs or j.current_differs as differs,
    j.portal_due_at - j.our_due_at as difference,
    p.working_day_number - o.working_day_number as difference_working_days,
    case when j.current_differs then j.moved_at when j.promise_differs then j.received_at end as differs_since,
    j.reason_code,
    case j.reason_code
        when 'no_limit' then 'Không biết thời hạn của thủ tục.'
        when 'no_promise' then 'Cổng không ghi ngày hẹn trả.'
        when 'calendar' then 'Ngày hẹn trả không tính ngày nghỉ lễ, ngày làm bù.'
        when 'pause' then 'Ngày hẹn trả sau khi bổ sung khác với cách tính theo thời gian chờ.'
        when 'extension' then 'Ngày hẹn trả được gia hạn.'
        when 'edited' then 'Ngày hẹn trả được sửa.'
        when 'other_limit' then 'Ngày hẹn trả theo thời hạn khác với thời hạn đã biết.'
    end as reason_vi
from judged as j
inner join core.dim_unit as u on j.unit_code = u.unit_code and j.unit_valid_from = u.valid_from
left join core.dim_date as p on j.portal_due_at::date = p.date
left join core.dim_date as o on j.our_due_at::date = o.date;

comment on view mart.due_audit is
'What the portal promised and what the rules give (docs/deadline.md): grain one counted dossier. Without pauses at reception, with them now; an extension has no rule, so it always differs.';
comment on column mart.due_audit.dossier_code is 'Dossier code.';
comment on column mart.due_audit.unit_code is 'core.dim_unit, with unit_valid_from.';
comment on column mart.due_audit.unit_valid_from is 'List of units.';
comment on column mart.due_audit.unit_key is 'core.dim_unit.';
comment on column mart.due_audit.procedure_key is 'core.dim_procedure: the version that stood on the day of reception.';
comment on column mart.due_audit.unit_name is 'Name of the unit.';
comment on column mart.due_audit.procedure_code is 'core.dim_procedure.';
comment on column mart.due_audit.channel is 'core.dim_channel.';
comment on column mart.due_audit.state is 'State of the dossier.';
comment on column mart.due_audit.received_at is 'Received, local time.';
comment on column mart.due_audit.limit_value is 'Time limit that was applied; 0 means the same day.';
comment on column mart.due_audit.limit_unit is 'working_day, day or hour.';
comment on column mart.due_audit.limit_source is 'export (the dossier itself says it) or catalogue (the procedure on the day of reception, for the channel).';
comment on column mart.due_audit.promised_due_at is 'First promise of the portal, local time.';
comment on column mart.due_audit.computed_due_at is 'Reception plus limit, local time.';
comment on column mart.due_audit.current_due_at is 'Due date that the portal says now, local time.';
comment on column mart.due_audit.computed_current_due_at is 'Reception plus limit plus the time waited for the applicant, local time; null while it is waited for.';
comment on column mart.due_audit.differs is 'Whether the promise, or the due date after a move, is another one than ours.';
comment on column mart.due_audit.difference is 'The portal''s less ours; positive where the portal allows more time.';
comment on column mart.due_audit.difference_working_days is 'The same in working days.';
comment on column mart.due_audit.differs_since is 'Reception, or the move of the due date, local time.';
comment on column mart.due_audit.reason_code is 'no_limit, no_promise, calendar, pause, extension, edited or other_limit; null where nothing differs.';
comment on column mart.due_audit.reason_vi is 'In words.';
