-- mart.due_soon filled again: open dossiers with one to three working days left; due_soon_chance holds the model's word, if any.
-- Parameters: is_kept.
delete from mart.due_soon;

insert into mart.due_soon (
    dossier_code, unit_code, unit_valid_from, unit_name, procedure_code, procedure_key, due_at, working_days_left, probability, place, as_of
)
select
    o.dossier_code,
    o.unit_code,
    o.unit_valid_from,
    o.unit_name,
    o.procedure_code,
    o.procedure_key,
    o.due_at,
    o.working_days_left,
    case when :is_kept then c.probability end,
    row_number() over (
        partition by o.unit_code, o.unit_valid_from
        order by
            case when :is_kept then c.probability end desc nulls last, o.working_days_left asc, o.due_at asc,
            o.received_at asc, o.dossier_code asc
    ),
    o.as_of
from mart.open_dossier as o
left join due_soon_chance as c on o.dossier_code = c.dossier_code
where o.working_days_left between 1 and 3;
