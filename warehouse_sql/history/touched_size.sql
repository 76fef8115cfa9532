-- grain: one touched dossier, in the order of the codes; size: about the rows that a fold lays out for it: what was stated of it for each
-- moment at which more of it became known, and one for itself.
with stated as (
    select v.dossier_code, v.known_from
    from history.dossier_version as v
    where v.dossier_code in (select t.dossier_code from history.touched_dossier as t)
    union all
    select s.dossier_code, s.known_from
    from history.process_step as s
    where s.dossier_code in (select t.dossier_code from history.touched_dossier as t)
),

of_moment as (
    select s.dossier_code, s.known_from, count(*) as row_count
    from stated as s
    group by s.dossier_code, s.known_from
),

of_dossier as (
    select m.dossier_code, sum(m.row_count) as row_count, count(*) as moments
    from of_moment as m
    group by m.dossier_code
)

select t.dossier_code, cast(1 + coalesce(d.row_count * (d.moments + 1) / 2, 0) as bigint) as size
from history.touched_dossier as t
left join of_dossier as d on t.dossier_code = d.dossier_code
order by t.dossier_code;
