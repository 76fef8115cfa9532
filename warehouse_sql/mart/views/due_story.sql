-- grain: one due date of one dossier, from the first promise on.
create view mart.due_story as
select
    s.dossier_code,
    row_number() over w as due_number,
    s.valid_from,
    s.due_at,
    s.previous_due_at,
    case
        when s.is_first then 'first_promise'
        when s.state in ('resolved', 'withdrawn') then 'told_at_the_end'
        when s.previous_state = 'suspended' then 'supplement'
        else 'extension'
    end as reason,
    coalesce(not s.is_first and s.previous_due_at::date < s.valid_from::date and s.previous_state = 'processing', false)
        as is_after_it_had_passed
from (
    select
        p.*,
        lag(p.due_at) over w as previous_due_at,
        lag(p.state) over w as previous_state,
        row_number() over w = 1 as is_first
    from core.fct_dossier_span as p
    window w as (partition by p.dossier_code order by p.span_number)
) as s
where s.is_first or s.due_at is distinct from s.previous_due_at
window w as (partition by s.dossier_code order by s.span_number);

comment on view mart.due_story is
'The whole story of each due date: grain one due date of one dossier, from the first promise through each move.';
comment on column mart.due_story.dossier_code is 'Dossier code.';
comment on column mart.due_story.due_number is '1 for the first promise.';
comment on column mart.due_story.valid_from is 'In force from, local time.';
comment on column mart.due_story.due_at is 'The due date; null when there is none.';
comment on column mart.due_story.previous_due_at is 'The one before.';
comment on column mart.due_story.reason is 'first_promise, supplement (the clock had been stopped), extension, or told_at_the_end (first said together with the end).';
comment on column mart.due_story.is_after_it_had_passed is 'Moved on a day after the old one had passed, without a stopped clock.';
