-- The analyst reads what reports are made of, and the accounts of files and refused rows; no more.
do $$
begin
    if not exists (select 1 from pg_roles where rolname = 'motcua_analyst') then
        create role motcua_analyst nologin;
    end if;
    -- so that whoever runs motcua may ask as the analyst
    execute format('grant motcua_analyst to %I', current_user);
exception
    -- made by another session a moment ago, or not ours to make on a managed server
    when duplicate_object or unique_violation or insufficient_privilege then null;
end
$$;

do $$
begin
    if exists (select 1 from pg_roles where rolname = 'motcua_analyst') then
        grant usage on schema landing, history, core, mart, ops to motcua_analyst;
        grant select on all tables in schema history, core, mart, ops to motcua_analyst;
        grant select on landing.export_file, landing.quarantine to motcua_analyst;
        grant execute on all functions in schema core, mart to motcua_analyst;
    end if;
end
$$;
