-- Most dossiers of a file of fifty or more have codes of another known province than the one its source speaks for.
with own as (
    select
        p.source,
        g.organisation_code
    from core.source_province as p
    inner join core.organisation as g on p.province_code = g.unit_code and p.list_from = g.unit_valid_from
    where g.kind = 'province'
),

other as (
    select
        o.source,
        g.organisation_code
    from (select distinct own.source from own) as o
    cross join (select distinct a.organisation_code from core.organisation as a where a.kind = 'province') as g
    where (o.source, g.organisation_code) not in (select own.source, own.organisation_code from own)
),

foreign_count as (
    select
        s.file_no,
        count(*) as all_count,
        count(*) filter (
            where (s.source, substring(s.dossier_code from position('H' in s.dossier_code) for 3))
                in (select o.source, o.organisation_code from other as o)
        ) as foreign_count
    from landing.staged_row as s
    where s.kind = 'dossiers' and s.dossier_code is not null
    group by s.file_no
)

select
    s.staged_id,
    'dossier_code' as field,
    s.dossier_code as value
from foreign_count as f
inner join landing.staged_row as s on f.file_no = s.file_no
where f.all_count >= 50 and f.foreign_count * 2 > f.all_count
    and s.kind = 'dossiers'
    and (s.source, substring(s.dossier_code from position('H' in s.dossier_code) for 3))
    in (select o.source, o.organisation_code from other as o)
