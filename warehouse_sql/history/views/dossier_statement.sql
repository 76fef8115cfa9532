-- grain: one statement of history.dossier_version, and how it is to be taken.
--   status_class: what the status means for the life. A national "finished" at the very moment of an open request for
--     supplements is the portal's way of sending a waiting dossier.
--   tier: who tells the life, the highest there is: 3 the province, 2 the national portal, 1 a register of the
--     province, which has no status column and only knows whether the result was handed over.
--   said_*: an empty value where the file had such a column says "empty", written as infinity: it wins over an older
--     value. Where the file had no such column it says nothing: null.
create view history.dossier_statement as
select
    v.*,
    s.priority,
    s.portal = 'provincial' as is_provincial,
    case
        when v.status in (1, 3) then 'not_received'
        when v.status in (5, 6, 8) then 'suspended'
        when v.status = 9 and s.portal = 'national' and v.returned_at is null
            and v.supplements @> jsonb_build_array(jsonb_build_object(
                'requested_at', to_char(v.ended_at, 'YYYY-MM-DD"T"HH24:MI:SS'), 'resumed_at', null
            )) then 'suspended'
        when v.status in (7, 9, 10) then 'finished'
        else 'processing'
    end as status_class,
    case
        when s.portal = 'national' then 2
        when 'status_raw' = any(f.columns) or v.status = 10 then 3
        else 1
    end as tier,
    case when 'received_at' = any(f.columns) then coalesce(v.received_at, 'infinity') end as said_received_at,
    case when 'due_at' = any(f.columns) then coalesce(v.due_at, 'infinity') end as said_due_at,
    case when 'returned_at' = any(f.columns) then coalesce(v.returned_at, 'infinity') end as said_returned_at,
    case when 'refused_at' = any(f.columns) then coalesce(v.refused_at, 'infinity') end as said_refused_at,
    f.columns as file_columns
from history.dossier_version as v
inner join core.dim_source as s on v.source = s.source
inner join landing.export_file as f on v.file_id = f.file_id;

comment on view history.dossier_statement is
'Statements with how each is to be taken: grain one row of history.dossier_version.';
comment on column history.dossier_statement.priority is 'Of the source, core.dim_source: lower wins.';
comment on column history.dossier_statement.is_provincial is 'Said by the province.';
comment on column history.dossier_statement.status_class is 'not_received, processing, suspended or finished; a waiting dossier sent as finished is suspended.';
comment on column history.dossier_statement.tier is 'Who tells the life, highest first: 3 province, 2 national portal, 1 register.';
comment on column history.dossier_statement.said_received_at is 'Reception as said; infinity for said to be empty, null for not said.';
comment on column history.dossier_statement.said_due_at is 'Due date as said; infinity for said to be empty, null for not said.';
comment on column history.dossier_statement.said_returned_at is 'Hand-over as said; infinity for said to be empty, null for not said.';
comment on column history.dossier_statement.said_refused_at is 'Refusal as said; infinity for said to be empty, null for not said.';
comment on column history.dossier_statement.file_columns is 'Columns that the file had, landing.export_file.';

-- The other columns are the table's own and keep its descriptions.
do $$
declare
    copied record;
begin
    for copied in
        select
            a.attname,
            d.description
        from pg_attribute as a
        inner join pg_description as d on a.attrelid = d.objoid and a.attnum = d.objsubid
        where a.attrelid = 'history.dossier_version'::regclass and d.classoid = 'pg_class'::regclass
    loop
        execute format('comment on column history.dossier_statement.%I is %L', copied.attname, copied.description);
    end loop;
end
$$;
