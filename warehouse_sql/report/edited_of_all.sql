-- grain: one row: dossiers of all units of the warehouse that were received by the end of the period, and changes of them that
-- need a look, as report/edited.sql counts them. What a unit's changes are compared with.
-- Parameters: date_from, date_to, known_at.
with dossier as (
    select d.dossier_code, d.received_at, d.is_counted
    from core.dossier_as_known(cast(:known_at as timestamptz)) as d
)

select
    (select count(*) from dossier as d where d.is_counted and d.received_at < cast(:date_to as date) + 1) as received,
    (
        select count(*)
        from mart.edited_as_known(cast(:known_at as timestamptz)) as e
        inner join dossier as d on e.dossier_code = d.dossier_code
        where e.first_seen_at >= :date_from and coalesce(d.received_at < cast(:date_to as date) + 1, true)
    ) as edits;
