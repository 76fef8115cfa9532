-- Touched dossiers in the order of their codes, each with about the rows that a fold lays out for it: what was stated of it, for
-- each moment at which more of it became known, and one for itself.
with stated as (
  select v.dossier_code, v.known_from from history.dossier_version as v
  where v.dossier_code in (select t.dossier_code from history.touched_dossier as t)
  union all
  select s.dossier_code, s.known_from from history.process_step as s
  where s.dossier_code in (select t.dossier_code from history.touched_dossier as t)
),

counted as (
  select dossier_code, sum(row_count) as row_count, count(*) as moments
  from (
    select w.dossier_code, w.known_from, count(*) as row_count from stated as w group by w.dossier_code, w.known_from
  ) as m
  group by dossier_code
)

select t.dossier_code, cast(1 + coalesce(c.row_count * (c.moments + 1) / 2, 0) as bigint) as size
from history.touched_dossier as t
left join counted as c on t.dossier_code = c.dossier_code
order by t.dossier_code
