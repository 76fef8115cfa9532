-- Rows of the lists of dossiers in a report, each with its place in its list: report_list. Filled list by list
-- (report/listed_*.sql); only what is counted or sorted by, since a list may have as many rows as there are dossiers.
-- kinds: what a row is counted as; is_first: false for a further row of a dossier in the same list; since: when what is listed began.
-- Makes report_list.
create temporary table report_list (
    list text not null,
    place bigint not null,
    dossier_code text not null,
    is_first boolean not null default true,
    unit_key bigint not null,
    unit_no bigint,
    sector_no smallint not null,
    procedure_key bigint,
    received_at timestamp,
    due_at timestamp,
    since timestamp,
    days bigint,
    kinds text [] not null default '{}'
) on commit drop;
