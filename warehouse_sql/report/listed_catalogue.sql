-- Every dossier received in the period whose procedure the catalogue did not have under that code or that name on the day of
-- reception into report_list; the catalogue is that of today. kinds: the reason, unknown, not_named, ended and not_yet_valid as in
-- core.dossier_procedure, and former_name: the source still writes a name that the procedure had before or has only later.
-- None while no catalogue was taken over: then nothing can be missing in it.
-- Parameters: date_from, date_to, known_at. Needs report_list, report_dossier, report_procedure.
insert into report_list (
    list, place, dossier_code, unit_key, unit_no, sector_no, procedure_key, received_at, due_at, kinds
)
with written as (
    select p.procedure_code, p.valid_from, lower(normalize(btrim(p.procedure_name), nfc)) as name
    from core.dim_procedure as p
    where not p.is_inferred
),

-- Of few procedures the catalogue had more than one name: only of theirs it is asked what the source writes.
renamed as (
    select w.procedure_code
    from written as w
    group by w.procedure_code
    having count(distinct w.name) > 1
),

received as (
    select d.*, cast(d.received_at as date) as received_on
    from report_dossier as d
    where d.is_counted and d.received_at >= :date_from and d.received_at < cast(:date_to as date) + 1
        and coalesce(d.vanished_at >= cast(:date_to as date) + 1, true)
        and exists (select 1 from core.catalogue_import)
),

judged as (
    select
        d.*,
        case
            when d.procedure_code = 'x-unknown' then 'not_named'
            when p.is_inferred then 'unknown'
            when d.received_on >= p.valid_to then 'ended'
            -- Before the first catalogue was taken over nothing could be in it.
            when d.received_on < p.valid_from and d.received_on >= (select min(i.valid_from) from core.catalogue_import as i)
                then 'not_yet_valid'
            when d.procedure_code in (select r.procedure_code from renamed as r) and lower(normalize(btrim(d.procedure_name), nfc)) <> (
                select lower(normalize(btrim(s.procedure_name), nfc))
                from history.dossier_statement as s
                where s.dossier_code = d.dossier_code and s.procedure_name is not null
                    and s.known_from <= cast(:known_at as timestamptz)
                order by s.effective_from desc, s.priority asc, s.state_at desc, s.state_rank desc, s.file_rank desc
                limit 1
            ) then 'former_name'
        end as reason
    from received as d
    inner join report_procedure as p on d.procedure_key = p.procedure_key
)

select
    'catalogue',
    row_number() over (order by j.procedure_code asc, j.received_at asc, j.dossier_code asc),
    j.dossier_code, j.unit_key, j.unit_no, j.sector_no, j.procedure_key, j.received_at, j.due_at, array[j.reason]
from judged as j
where j.reason is not null;
