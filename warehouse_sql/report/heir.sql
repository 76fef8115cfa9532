-- grain: one unit of the report as received that others took over since: whether all of it went to one of them, and to
-- which, as mart.form_ii06_successor has it. Needs report_unit.
select
    u.unit_code,
    u.valid_from,
    bool_and(s.is_full) as is_whole,
    (array_agg(s.new_code order by s.is_default desc, s.new_code asc))[1] as heir_code,
    d.valid_to as heir_valid_from
from report_unit as u
inner join core.dim_unit as d on u.unit_code = d.unit_code and u.valid_from = d.valid_from
inner join core.unit_successor as s on u.unit_code = s.old_code
where d.valid_to < '9999-12-31' and not d.is_inferred
group by u.unit_code, u.valid_from, d.valid_to
order by u.unit_code, u.valid_from;
