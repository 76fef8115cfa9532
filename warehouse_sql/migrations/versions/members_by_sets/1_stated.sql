-- From PostgreSQL 18 on every key of a dossier's row is stated and asked for all rows of a run in one statement
-- (core/unknown_members.sql): row by row the server took 3.6 microseconds for each of them, a seventeenth of a first load.
-- Files are never deleted, and rows of the history are made by a join with them.
do $$
declare
    key record;
begin
    if current_setting('server_version_num')::integer < 180000 then
        return;  -- a key can't be stated there without being checked
    end if;
    for key in
        select conrelid::regclass as referring, conname as name
        from pg_constraint
        where contype = 'f' and conenforced and (
            confrelid in ('core.dim_unit'::regclass, 'core.dim_procedure'::regclass)
            and conrelid in (
                'core.fct_dossier'::regclass, 'core.fct_dossier_past'::regclass,
                'mart.daily_flow'::regclass, 'mart.daily_due'::regclass
            )
            or confrelid = 'landing.export_file'::regclass
            and conrelid in ('history.dossier_version'::regclass, 'history.process_step'::regclass)
        )
    loop
        execute format('alter table %s alter constraint %I not enforced', key.referring, key.name);
    end loop;
end
$$;
