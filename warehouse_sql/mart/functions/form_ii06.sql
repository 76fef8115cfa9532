-- grain: one unit with something to count in the period.
-- Form II.06 (columns 1 to 11 of the ministry's form), any period, any past moment of knowledge.
-- Source: Biểu II.06 (a, b, c)/VPCP/KSTT. What is early, on time, late and overdue, the rule set says.
create function mart.form_ii06(
    date_from date,
    date_to date,
    rule_set text default 'ii06',
    known_at timestamptz default 'infinity',
    unit_view text default 'as_received'
)
returns table (
    unit_code text,
    unit_name text,
    valid_from date,
    received_total bigint,
    received_online bigint,
    received_direct_postal bigint,
    carried_over bigint,
    resolved_total bigint,
    resolved_early bigint,
    resolved_on_time bigint,
    resolved_late bigint,
    pending_total bigint,
    pending_in_time bigint,
    pending_overdue bigint
)
language plpgsql stable parallel safe
set plan_cache_mode = force_custom_plan
as $$
#variable_conflict use_column
begin
    if form_ii06.unit_view is null or form_ii06.unit_view not in ('as_received', 'current') then
        raise exception 'unit_view “%” không có; hãy dùng as_received hoặc current.', form_ii06.unit_view
            using errcode = '22023';
    end if;
    if form_ii06.unit_view = 'current' then
        return query
        select
            s.unit_code, s.unit_name || case when s.is_estimate then ' (ước tính)' else '' end, s.valid_from, s.received_total,
            s.received_online, s.received_direct_postal, s.carried_over, s.resolved_total, s.resolved_early, s.resolved_on_time,
            s.resolved_late, s.pending_total, s.pending_in_time, s.pending_overdue
        from mart.form_ii06_successor(form_ii06.date_from, form_ii06.date_to, form_ii06.rule_set, form_ii06.known_at) as s;
        return;
    end if;
    return query
    select
        u.unit_code, u.unit_name, u.valid_from, p.received_total, p.received_online, p.received_direct_postal, p.carried_over,
        p.resolved_total, p.resolved_early, p.resolved_on_time, p.resolved_late, p.pending_total, p.pending_in_time, p.pending_overdue
    from mart.form_by_part('unit', form_ii06.date_from, form_ii06.date_to, form_ii06.rule_set, form_ii06.known_at) as p
    inner join core.dim_unit as u on cast(p.part_key as bigint) = u.unit_key
    order by u.unit_code, u.valid_from;
end
$$;

comment on function mart.form_ii06(date, date, text, timestamptz, text) is
'Form II.06 for any period; one that ends after mart.horizon(known_at) counts up to it. rule_set names the definitions (core.rule_set), known_at repeats what was known then, unit_view current rolls old units into their successors, the name of an estimated one marked “(ước tính)”: mart.form_ii06_successor. received_total = received_online + received_direct_postal + carried_over = resolved_total + pending_total; resolved_total holds what a rule set does not time (withdrawn, under opencps) besides early, on time and late. mart.form_ii06_marked says besides through which day it counts and which feeds are not complete.';
