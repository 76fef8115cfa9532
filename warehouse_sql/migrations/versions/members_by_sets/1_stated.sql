-- From PostgreSQL 18 on these keys of dossiers, flows and history are stated and no longer enforced: the server checks row by row, 3.6
-- microseconds for each key. Whether units and procedures are there is asked for all rows of a run (assets/dimensions/members.py).
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
