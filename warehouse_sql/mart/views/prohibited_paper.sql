-- grain: one calendar month of reception, unit and procedure.
create view mart.prohibited_paper as
with counted as (
    select
        date_trunc('month', f.received_at)::date as month,
        f.unit_code,
        f.unit_valid_from,
        f.procedure_code,
        count(*) as received,
        count(*) filter (where f.has_household_book) as with_household_book,
        count(*) filter (where f.has_identity_copy) as with_identity_copy,
        count(*) filter (where f.has_household_book or f.has_identity_copy) as with_either
    from core.fct_dossier as f
    where f.is_counted
    group by 1, 2, 3, 4
)

select
    c.month,
    c.unit_code,
    c.unit_valid_from,
    u.unit_key,
    p.procedure_key,
    u.unit_name,
    c.procedure_code,
    p.procedure_name,
    c.received,
    c.with_household_book,
    c.with_identity_copy,
    c.with_either,
    c.with_either::numeric / c.received as share
from counted as c
inner join core.dim_unit as u on c.unit_code = u.unit_code and c.unit_valid_from = u.valid_from
inner join core.dim_procedure as p on c.procedure_code = p.procedure_code and p.is_last;

comment on view mart.prohibited_paper is
'Papers that offices may not ask for any more, by the titles of what was attached: grain one calendar month of reception, unit and procedure. A dossier whose sources send no titles counts as without.';
comment on column mart.prohibited_paper.month is 'First day of the calendar month of reception.';
comment on column mart.prohibited_paper.unit_code is 'core.dim_unit, with unit_valid_from.';
comment on column mart.prohibited_paper.unit_valid_from is 'List of units.';
comment on column mart.prohibited_paper.unit_key is 'core.dim_unit.';
comment on column mart.prohibited_paper.procedure_key is 'core.dim_procedure: the last version of the procedure.';
comment on column mart.prohibited_paper.unit_name is 'Name of the unit.';
comment on column mart.prohibited_paper.procedure_code is 'core.dim_procedure.';
comment on column mart.prohibited_paper.procedure_name is 'Name of the procedure.';
comment on column mart.prohibited_paper.received is 'Dossiers received.';
comment on column mart.prohibited_paper.with_household_book is 'Of these, with a household-registration book among the papers.';
comment on column mart.prohibited_paper.with_identity_copy is 'Of these, with a copy of CCCD or CMND among the papers.';
comment on column mart.prohibited_paper.with_either is 'Of these, with one or both.';
comment on column mart.prohibited_paper.share is 'with_either / received.';
