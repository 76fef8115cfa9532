-- grain: one dossier, as known at known_at: who is right about it, and what its life looked like.
-- All dossiers when codes is null. core.fct_dossier and core.fct_dossier_span are this function's result as known
-- now; a report "as known on" calls it with that moment. Precedence between the portals:
--   * the life (status, dates) is told by the province; by the national portal only where the province is silent;
--   * any other attribute by the province, and where it does not say it by the national portal.
create function core.derive_dossier(codes text [], known_at timestamptz)
returns table (
    dossier_code text,
    unit_code text,
    unit_valid_from date,
    procedure_code text,
    channel smallint,
    status smallint,
    state text,
    is_counted boolean,
    submitted_at timestamp,
    received_at timestamp,
    first_due_at timestamp,
    due_at timestamp,
    ended_at timestamp,
    returned_at timestamp,
    refused_at timestamp,
    vanished_at timestamp,
    supplement_count smallint,
    limit_value double precision,
    limit_unit text,
    payment_online smallint,
    fee_amount bigint,
    is_digitised boolean,
    is_identified boolean,
    has_electronic_result boolean,
    has_household_book boolean,
    has_identity_copy boolean,
    result_by_post boolean,
    province_status smallint,
    province_said_at timestamp,
    national_status smallint,
    national_said_at timestamp,
    portal_disagreements text [],
    last_step_at timestamp,
    last_step_status smallint,
    flags text [],
    spans core.life_span [],
    limit_due_at timestamp
)
-- plpgsql, not sql: only there is the query planned for the codes at hand on every server.
language plpgsql stable
set plan_cache_mode = force_custom_plan
-- The planner cannot know how many rows the steps below make; taking them for few, it would loop over them.
set enable_nestloop = off
as $$
#variable_conflict use_column
begin
return query
with
-- Every statement known by then, in order; how each is to be taken stands in the view. A repeat of what its source
-- said before says nothing: history has it as a statement where it came before the one that it repeats.
said as materialized (
    select
        t.*,
        case when t.waits_by_step then 'suspended' else t.status_class end as class,
        max(t.tier) over (partition by t.dossier_code) as life_tier,
        row_number() over (
            partition by t.dossier_code
            order by t.effective_from, t.priority desc, t.state_at, t.state_rank, t.file_rank, t.source
        ) as n
    from (
        select
            s.*,
            (
                s.status, s.channel, s.procedure_code, s.procedure_name, s.field_code, s.field_name, s.unit_code,
                s.unit_name, s.submitted_at, s.received_at, s.due_at, s.ended_at, s.returned_at, s.refused_at,
                s.supplement_requested_at, s.supplements, s.limit_value, s.limit_unit, s.payment_online,
                s.fee_amount, s.is_digitised, s.is_identified, s.has_electronic_result, s.has_household_book,
                s.has_identity_copy, s.result_by_post, s.due_has_clock, s.ended_has_clock, s.other_code, s.file_columns
            ) is not distinct from lag((
                s.status, s.channel, s.procedure_code, s.procedure_name, s.field_code, s.field_name, s.unit_code,
                s.unit_name, s.submitted_at, s.received_at, s.due_at, s.ended_at, s.returned_at, s.refused_at,
                s.supplement_requested_at, s.supplements, s.limit_value, s.limit_unit, s.payment_online,
                s.fee_amount, s.is_digitised, s.is_identified, s.has_electronic_result, s.has_household_book,
                s.has_identity_copy, s.result_by_post, s.due_has_clock, s.ended_has_clock, s.other_code, s.file_columns
            )) over (
                partition by s.dossier_code, s.source
                order by s.effective_from, s.state_at, s.state_rank, s.file_rank
            ) as is_repeat,
            -- A waiting dossier is sent as finished; where its request is not listed, its steps say that it waits.
            case when s.status = 9 and not s.is_provincial and s.returned_at is null then exists (
                select 1
                from history.process_step as h
                where h.dossier_code = s.dossier_code and h.source = s.source and h.processed_at = s.ended_at
                    and h.status in (5, 6, 8) and h.known_from <= derive_dossier.known_at
                    -- said once more: a plan that hashes these steps would read all of history
                    and (derive_dossier.codes is null or h.dossier_code = any(derive_dossier.codes))
            ) else false end as waits_by_step
        from history.dossier_statement as s
        where (derive_dossier.codes is null or s.dossier_code = any(derive_dossier.codes))
            and s.known_from <= derive_dossier.known_at
    ) as t
    where not t.is_repeat
),

-- The latest word on each attribute. array_agg keeps the order of the sorted input.
word as materialized (
    select
        w.dossier_code,
        (array_agg(w.status))[1] as status,
        (array_agg(w.class))[1] as class,
        nullif((array_agg(w.said_received_at) filter (where w.said_received_at is not null))[1], 'infinity') as received_at,
        nullif((array_agg(w.said_due_at) filter (where w.said_due_at is not null))[1], 'infinity') as due_at,
        nullif((array_agg(w.said_returned_at) filter (where w.said_returned_at is not null))[1], 'infinity') as returned_at,
        nullif((array_agg(w.said_refused_at) filter (where w.said_refused_at is not null))[1], 'infinity') as refused_at,
        -- an array of arrays would be one array of two dimensions
        (array_agg(array_to_string(w.flags, ' ')))[1] as flags
    from (
        select * from said
        order by dossier_code, tier = life_tier desc, is_provincial desc, n desc
    ) as w
    group by w.dossier_code
),

attribute as materialized (
    select
        a.dossier_code,
        (array_agg(a.procedure_code) filter (where a.procedure_code is not null))[1] as procedure_code,
        (array_agg(a.procedure_name) filter (where a.procedure_name is not null))[1] as procedure_name,
        (array_agg(a.channel) filter (where a.channel is not null))[1] as channel,
        (array_agg(a.submitted_at) filter (where a.submitted_at is not null))[1] as submitted_at,
        (array_agg(a.supplements) filter (where a.supplements is not null))[1] as supplements,
        (array_agg(a.limit_value) filter (where a.limit_value is not null))[1] as limit_value,
        (array_agg(a.limit_unit) filter (where a.limit_unit is not null))[1] as limit_unit,
        (array_agg(a.payment_online) filter (where a.payment_online is not null))[1] as payment_online,
        (array_agg(a.fee_amount) filter (where a.fee_amount is not null))[1] as fee_amount,
        (array_agg(a.is_digitised) filter (where a.is_digitised is not null))[1] as is_digitised,
        (array_agg(a.is_identified) filter (where a.is_identified is not null))[1] as is_identified,
        (array_agg(a.has_electronic_result) filter (where a.has_electronic_result is not null))[1] as has_electronic_result,
        coalesce((array_agg(a.has_household_book) filter (where a.has_household_book is not null))[1], false) as has_household_book,
        coalesce((array_agg(a.has_identity_copy) filter (where a.has_identity_copy is not null))[1], false) as has_identity_copy,
        (array_agg(a.result_by_post) filter (where a.result_by_post is not null))[1] as result_by_post,
        -- The national end of processing stands in where the province has none; not that of a waiting dossier.
        (array_agg(a.ended_at) filter (where not a.is_provincial and a.class = 'finished'))[1] as national_ended_at,
        (array_agg(a.status) filter (where a.is_provincial))[1] as province_status,
        (array_agg(a.class) filter (where a.is_provincial))[1] as province_class,
        (array_agg(a.due_at) filter (where a.is_provincial))[1] as province_due_at,
        (array_agg(a.effective_from) filter (where a.is_provincial))[1] as province_said_at,
        (array_agg(a.status) filter (where not a.is_provincial))[1] as national_status,
        (array_agg(a.class) filter (where not a.is_provincial))[1] as national_class,
        (array_agg(a.due_at) filter (where not a.is_provincial))[1] as national_due_at,
        (array_agg(a.effective_from) filter (where not a.is_provincial))[1] as national_said_at
    from (
        select * from said
        order by dossier_code, is_provincial desc, n desc
    ) as a
    group by a.dossier_code
),

-- Who was responsible on the day of reception: the name the unit had then, if an export of then tells it; where no
-- name is known, the desk whose organisation code is.
office as materialized (
    select distinct on (s.dossier_code)
        s.dossier_code,
        case when r.is_known or g.unit_code is null then r.unit_code else g.unit_code end as unit_code,
        case when r.is_known or g.unit_code is null then r.unit_valid_from else g.unit_valid_from end as unit_valid_from,
        r.is_known or g.unit_code is not null as is_known
    from said as s
    inner join word as w on s.dossier_code = w.dossier_code
    inner join core.source_province as p
        on s.source = p.source
        and coalesce(w.received_at, s.submitted_at, s.effective_from) >= p.valid_from
        and coalesce(w.received_at, s.submitted_at, s.effective_from) < p.valid_to
    left join core.unit_resolution as r
        on p.province_code = r.province_code and p.list_from = r.list_from and s.unit_name = r.unit_name
    left join core.organisation as g
        on upper(regexp_replace(s.unit_code, '\s', '', 'g')) = g.organisation_code and g.kind in ('commune_desk', 'district_desk')
    where r.unit_code is not null or g.unit_code is not null
    order by
        s.dossier_code,
        coalesce(r.is_known, false) desc,
        g.unit_code is not null desc,
        (s.effective_from >= p.valid_from and s.effective_from < p.valid_to) desc,
        s.is_provincial desc,
        s.n desc,
        g.valid_from = p.list_from desc
),

-- The life: statements of whoever tells it, in runs of one class, and where it waits, for one thing.
life as materialized (
    select
        s.*,
        sum(s.starts_run) over (partition by s.dossier_code order by s.n) as run
    from (
        select
            l.*,
            case when (l.class, l.waits_for) is distinct from lag((l.class, l.waits_for)) over (partition by l.dossier_code order by l.n)
                then 1 else 0
            end as starts_run,
            lag(l.effective_from) over (partition by l.dossier_code order by l.n) as previous_from,
            lag(l.said_due_at) over (partition by l.dossier_code order by l.n) as previous_due_at
        from (
            -- sent as finished, it waits: for what is not said
            select said.*, case when said.class = 'suspended' then case when said.status in (6, 8) then said.status else 5 end end as waits_for
            from said
        ) as l
        where l.tier = l.life_tier
    ) as s
),

run as materialized (
    select
        r.dossier_code,
        r.run,
        r.class,
        min(r.effective_from) as first_from,
        min(r.previous_from) filter (where r.starts_run = 1) as previous_from,
        lead(min(r.effective_from)) over (partition by r.dossier_code order by r.run) as next_from,
        (array_agg(r.status))[1] as status,
        (array_agg(r.waits_for))[1] as waits_for,
        (array_agg(r.ended_at) filter (where r.ended_at is not null))[1] as ended_at,
        (array_agg(r.returned_at) filter (where r.returned_at is not null))[1] as returned_at,
        (array_agg(r.said_due_at) filter (where r.said_due_at is not null))[1] as said_due_at,
        (array_agg(coalesce(r.supplement_requested_at, case when r.waits_by_step then r.ended_at end)) filter (
            where coalesce(r.supplement_requested_at, case when r.waits_by_step then r.ended_at end) is not null
        ))[1] as requested_at
    from (select * from life order by dossier_code, run, n desc) as r
    group by r.dossier_code, r.run, r.class
),

-- Finished from the end of processing until a later statement says that it is open again.
finished as materialized (
    select
        f.dossier_code,
        f.status,
        f.said_due_at,
        f.from_at,
        f.to_at
    from (
        select
            e.*,
            lead(e.from_at) over (partition by e.dossier_code order by e.run) as next_end_at
        from (
            select
                r.dossier_code,
                r.run,
                r.status,
                r.said_due_at,
                greatest(
                    w.received_at,
                    coalesce(
                        r.ended_at, case when r.next_from is null then a.national_ended_at end,
                        r.returned_at, r.first_from
                    )
                ) as from_at,
                coalesce(r.next_from, 'infinity') as to_at
            from run as r
            inner join word as w on r.dossier_code = w.dossier_code
            inner join attribute as a on r.dossier_code = a.dossier_code
            where r.class = 'finished' and w.class <> 'not_received' and w.received_at is not null
        ) as e
    ) as f
    -- An end that a later statement dates before the reopening replaces this one.
    where f.from_at < f.to_at and (f.next_end_at is null or f.next_end_at > f.to_at)
),

-- Windows in which the applicant was waited for, as the portal lists them.
listed_window as materialized (
    select
        a.dossier_code,
        x.requested_at,
        x.resumed_at,
        x.due_before,
        x.due_after,
        row_number() over (partition by a.dossier_code order by x.requested_at, x.resumed_at, x.due_after) as k
    from attribute as a
    cross join lateral jsonb_to_recordset(a.supplements) as x (
        requested_at timestamp, resumed_at timestamp, due_before timestamp, due_after timestamp
    )
    where a.supplements <> '[]' and x.requested_at is not null
),

listed_suspension as (
    select
        q.dossier_code,
        q.requested_at as from_at,
        -- Without a resumption it lasts until the dossier is next said to go on.
        coalesce(
            q.resumed_at,
            min(r.first_from) filter (
                where r.class in ('processing', 'finished') and r.first_from > q.requested_at
            ),
            'infinity'
        ) as to_at,
        coalesce(
            max(r.status) filter (
                where r.class = 'suspended' and r.status in (6, 8) and r.first_from >= q.requested_at
                    and r.first_from <= coalesce(q.resumed_at, 'infinity')
            ),
            5
        ) as status
    from listed_window as q
    left join run as r on q.dossier_code = r.dossier_code
    group by q.dossier_code, q.k, q.requested_at, q.resumed_at
),

-- Runs of a waiting status that no listed window explains: from the request, or from when we first saw it.
seen_suspension as (
    select
        r.dossier_code,
        case
            when r.requested_at <= r.first_from and r.requested_at > coalesce(r.previous_from, '-infinity')
                then r.requested_at
            else r.first_from
        end as from_at,
        coalesce(r.next_from, 'infinity') as to_at,
        r.waits_for as status
    from run as r
    where r.class = 'suspended'
        and not exists (
            select 1
            from listed_window as q
            where q.dossier_code = r.dossier_code
                and q.requested_at <= r.first_from
                and coalesce(q.resumed_at, 'infinity') >= coalesce(r.previous_from, '-infinity')
        )
),

suspension as materialized (
    select * from listed_suspension
    union all
    select * from seen_suspension
),

-- The due date that was said first, and when.
first_due as materialized (
    select distinct on (l.dossier_code)
        l.dossier_code,
        l.said_due_at,
        l.effective_from
    from life as l
    where l.said_due_at is not null and l.class <> 'not_received'
    order by l.dossier_code, l.n
),

-- The promise before the first move, where we came to know the dossier only after it.
promise_before as (
    select distinct on (q.dossier_code)
        q.dossier_code,
        q.due_before
    from listed_window as q
    left join first_due as f on q.dossier_code = f.dossier_code
    where q.due_before is not null
        and coalesce(q.resumed_at, q.requested_at) <= coalesce(f.effective_from, 'infinity')
    order by q.dossier_code, q.k
),

-- A move that the portal lists counts from the resumption, unless whoever tells the life still said the old date then.
listed_move as (
    select q.dossier_code, coalesce(q.resumed_at, q.requested_at) as at, q.k, q.due_after
    from listed_window as q
    left join life as l on q.dossier_code = l.dossier_code
    where q.due_after is not null
    group by q.dossier_code, q.k, q.requested_at, q.resumed_at, q.due_before, q.due_after
    having not coalesce(
        bool_or(
            l.said_due_at = q.due_before and q.due_before <> q.due_after
            and l.effective_from >= coalesce(q.resumed_at, q.requested_at)
        ),
        false
    )
),

-- The due date in force from when to when: the first promise, each move, and what stood at the end.
due_point as materialized (
    select
        w.dossier_code,
        w.received_at as at,
        0 as rank,
        0::bigint as n,
        coalesce(b.due_before, f.said_due_at, 'infinity') as due_at
    from word as w
    left join first_due as f on w.dossier_code = f.dossier_code
    left join promise_before as b on w.dossier_code = b.dossier_code
    where w.received_at is not null and w.class <> 'not_received'
    union all
    select m.dossier_code, m.at, 1, m.k, m.due_after
    from listed_move as m
    union all
    select l.dossier_code, l.effective_from, 2, l.n, l.said_due_at
    from life as l
    where l.said_due_at is not null and l.class <> 'finished'
        and l.said_due_at is distinct from l.previous_due_at
        and l.previous_from is not null
    union all
    -- Timeliness is judged by the due date that was last said of the end.
    select f.dossier_code, f.from_at, 3, 0, f.said_due_at
    from finished as f
    where f.said_due_at is not null
),

-- Missing in the complete lists of the side that tells the life, and not named again since: one that comes back
-- had never been away.
gone as materialized (
    select a.dossier_code, min(a.missing_from) as at
    from history.absence(derive_dossier.codes, derive_dossier.known_at) as a
    inner join (select distinct said.dossier_code, said.life_tier <> 2 as is_provincial from said) as t
        on a.dossier_code = t.dossier_code and a.is_provincial = t.is_provincial
    where a.seen_again_at is null
    group by a.dossier_code
),

edge as (
    select
        d.dossier_code, d.at, d.rank, d.n, d.due_at,
        0 as finish, 0 as withdraw, 0 as wait5, 0 as wait6, 0 as wait8, 0 as gone, 0 as status
    from due_point as d
    union all
    select f.dossier_code, f.from_at, 4, 0, null, 1, (f.status = 7)::int, 0, 0, 0, 0, f.status from finished as f
    union all
    select f.dossier_code, f.to_at, 4, 0, null, -1, -(f.status = 7)::int, 0, 0, 0, 0, 0 from finished as f
    where f.to_at < 'infinity'
    union all
    select s.dossier_code, s.from_at, 4, 0, null, 0, 0, (s.status = 5)::int, (s.status = 6)::int, (s.status = 8)::int, 0, 0
    from suspension as s where s.from_at < s.to_at
    union all
    select s.dossier_code, s.to_at, 4, 0, null, 0, 0, -(s.status = 5)::int, -(s.status = 6)::int, -(s.status = 8)::int, 0, 0
    from suspension as s where s.from_at < s.to_at and s.to_at < 'infinity'
    union all
    select g.dossier_code, g.at, 4, 0, null, 0, 0, 0, 0, 0, 1, 0 from gone as g
),

-- What holds right after each edge; an edge before the reception counts as at the reception.
level as (
    select
        e.dossier_code,
        e.at,
        sum(e.finish) over w as finish,
        sum(e.withdraw) over w as withdraw,
        sum(e.wait5) over w as wait5,
        sum(e.wait6) over w as wait6,
        sum(e.wait8) over w as wait8,
        sum(e.gone) over w as gone,
        max(e.status) over w as finished_status,
        count(e.due_at) over w as due_group,
        row_number() over (partition by e.dossier_code, e.at order by e.rank desc, e.n desc) = 1 as is_last,
        e.due_at
    from (
        select edge.dossier_code, greatest(edge.at, w.received_at) as at, case when edge.at < w.received_at then -1 else edge.rank end as rank,
            edge.n, edge.due_at, edge.finish, edge.withdraw, edge.wait5, edge.wait6, edge.wait8, edge.gone, edge.status
        from edge
        inner join word as w on edge.dossier_code = w.dossier_code
        where w.received_at is not null and w.class <> 'not_received'
    ) as e
    window w as (partition by e.dossier_code order by e.at, e.rank, e.n)
),

piece as (
    select
        p.dossier_code,
        p.at,
        case
            when p.finish > 0 and p.withdraw > 0 then 'withdrawn'
            when p.finish > 0 then 'resolved'
            when p.gone > 0 then 'vanished'
            when p.wait5 + p.wait6 + p.wait8 > 0 then 'suspended'
            else 'processing'
        end as state,
        case
            when p.finish > 0 and p.withdraw > 0 then 7
            when p.finish > 0 then greatest(p.finished_status, 9)
            when p.wait8 > 0 then 8
            when p.wait6 > 0 then 6
            when p.wait5 > 0 then 5
            else 4
        end as status,
        nullif(p.due_in_force, 'infinity') as due_at
    from (
        select level.*, max(level.due_at) over (partition by level.dossier_code, level.due_group) as due_in_force
        from level
    ) as p
    where p.is_last
),

span as (
    select
        c.dossier_code,
        array_agg(
            (c.at, coalesce(c.next_at, 'infinity'), c.status, c.state, c.due_at)::core.life_span
            order by c.at
        ) as spans
    from (
        select k.*, lead(k.at) over (partition by k.dossier_code order by k.at) as next_at
        from (
            select
                p.*,
                (p.state, p.status, p.due_at) is distinct from lag((p.state, p.status, p.due_at))
                    over (partition by p.dossier_code order by p.at) as is_new
            from piece as p
        ) as k
        where k.is_new
    ) as c
    group by c.dossier_code
)

select
    w.dossier_code,
    coalesce(o.unit_code, 'x-unknown'),
    coalesce(o.unit_valid_from, date '1900-01-01'),
    z.procedure_code,
    coalesce(a.channel, 1::smallint),
    -- The status as it is, not as it was sent: a waiting dossier is sent as finished.
    case when l.state = 'suspended' then l.status else w.status end,
    coalesce(l.state, 'not_received'),
    p.spans is not null,
    a.submitted_at,
    w.received_at,
    p.spans[1].due_at,
    w.due_at,
    case when l.state in ('resolved', 'withdrawn') then l.ended_at end,
    w.returned_at,
    w.refused_at,
    v.at,
    coalesce(c.request_count, 0)::smallint,
    a.limit_value,
    a.limit_unit,
    a.payment_online,
    a.fee_amount,
    a.is_digitised,
    a.is_identified,
    a.has_electronic_result,
    a.has_household_book,
    a.has_identity_copy,
    a.result_by_post,
    a.province_status,
    a.province_said_at,
    a.national_status,
    a.national_said_at,
    case
        when a.national_status is null then array['missing_national']
        when a.province_status is null then array['missing_provincial']
        else
            case when a.national_class <> a.province_class then array['status'] else '{}'::text [] end
            || case when a.national_due_at::date is distinct from a.province_due_at::date
                then array['due_date'] else '{}'::text []
            end
    end,
    t.processed_at,
    t.status,
    -- What the dimensions know may have changed since the row came; the rest is the row's own.
    array_remove(array_remove(string_to_array(w.flags, ' '), 'unknown_unit'), 'unknown_procedure')
    || case when o.is_known then '{}'::text [] else array['unknown_unit'] end
    || case when m.is_inferred is false then '{}'::text [] else array['unknown_procedure'] end,
    p.spans,
    -- Only where a due date was not promised does a rule set ask for it.
    case when exists (select 1 from unnest(p.spans) as x where x.due_at is null) then core.limit_due_at(
        w.received_at,
        coalesce(a.limit_value, case when a.channel = 2 then y.online_limit_value end, y.limit_value),
        case
            when a.limit_value is not null then a.limit_unit
            when a.channel = 2 and y.online_limit_value is not null then y.online_limit_unit
            else y.limit_unit
        end
    ) end
from word as w
inner join attribute as a on w.dossier_code = a.dossier_code
left join office as o on w.dossier_code = o.dossier_code
left join core.procedure_resolution as r on a.procedure_name = r.procedure_name
cross join lateral (
    select coalesce(
        substring(a.procedure_code from '^\d\.\d{6}'), r.procedure_code,
        'x-' || left(md5(a.procedure_code), 10), 'x-unknown'
    ) as procedure_code
) as z
left join core.dim_procedure as m on z.procedure_code = m.procedure_code and m.is_last
left join core.procedure_by_day as y
    on z.procedure_code = y.procedure_code
    and w.received_at::date >= y.stands_from and w.received_at::date < y.stands_to
left join span as p on w.dossier_code = p.dossier_code
left join gone as v on w.dossier_code = v.dossier_code
left join lateral (
    select x.state, x.status, x.valid_from as ended_at
    from unnest(p.spans) as x
    order by x.valid_from desc
    limit 1
) as l on true
left join lateral (
    -- a due date that moves while it waits is no further request
    select count(*) filter (where x.status = 5 and x.status_before <> 5) as request_count
    from (select y.status, lag(y.status, 1, 0::smallint) over (order by y.valid_from) as status_before from unnest(p.spans) as y) as x
) as c on true
left join lateral (
    select h.processed_at, h.status
    from history.process_step as h
    where h.dossier_code = w.dossier_code and h.known_from <= derive_dossier.known_at
        and h.processed_at is not null
    order by h.processed_at desc, h.status desc, h.department, h.position
    limit 1
) as t on true;
end
$$;

comment on function core.derive_dossier(text [], timestamptz) is
'One row per dossier as known at a moment: merged attributes over both portals and the spans of its life. Null codes: all dossiers.';
