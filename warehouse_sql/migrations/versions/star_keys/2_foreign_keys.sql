-- Foreign keys show analysts' tools the joins. From PostgreSQL 18 on they are stated and not checked (not enforced): the rows are made
-- by joins with these very dimensions, and to check a million dossiers' events and stages again would cost minutes of a load.
-- Before 18 a key can't be stated without being checked: there only the stocks and months have theirs, whose rows are few and
-- whose units never go before them.
do $$
declare
    can_be_stated constant boolean := current_setting('server_version_num')::integer >= 180000;
    key record;
begin
    for key in
        select *
        from (
            values
            ('mart.overdue_stock', 'unit_key', 'core.dim_unit', 'unit_key', true),
            ('mart.overdue_stock', 'date', 'core.dim_date', 'date', false),
            ('mart.overdue_stock', 'rule_set', 'core.rule_set', 'rule_set', false),
            ('mart.timeliness_count', 'unit_key', 'core.dim_unit', 'unit_key', true),
            ('mart.timeliness_count', 'procedure_key', 'core.dim_procedure', 'procedure_key', false),
            ('mart.timeliness_count', 'channel', 'core.dim_channel', 'channel', false),
            ('mart.timeliness_count', 'rule_set', 'core.rule_set', 'rule_set', false),
            ('mart.daily_flow', 'date', 'core.dim_date', 'date', false),
            ('mart.daily_flow', 'channel', 'core.dim_channel', 'channel', false),
            ('mart.due_soon', 'unit_key', 'core.dim_unit', 'unit_key', false),
            ('mart.due_soon', 'procedure_key', 'core.dim_procedure', 'procedure_key', false),
            ('mart.issued_form', 'unit_key', 'core.dim_unit', 'unit_key', false),
            ('mart.issued_form', 'rule_set', 'core.rule_set', 'rule_set', false),
            ('mart.target', 'unit_key', 'core.dim_unit', 'unit_key', false),
            ('core.fct_dossier', 'channel', 'core.dim_channel', 'channel', false),
            ('core.fct_dossier', 'status', 'core.dim_status', 'status', false),
            ('core.fct_dossier_event', 'unit_key', 'core.dim_unit', 'unit_key', false),
            ('core.fct_dossier_event', 'procedure_key', 'core.dim_procedure', 'procedure_key', false),
            ('core.fct_dossier_event', 'channel', 'core.dim_channel', 'channel', false),
            ('core.fct_dossier_event', 'event_on', 'core.dim_date', 'date', false),
            ('core.fct_dossier_event', 'received_on', 'core.dim_date', 'date', false),
            ('core.fct_dossier_event', 'dossier_code', 'core.fct_dossier', 'dossier_code', false),
            ('core.fct_dossier_span', 'status', 'core.dim_status', 'status', false),
            ('core.fct_dossier_span', 'dossier_code', 'core.fct_dossier', 'dossier_code', false),
            ('core.fct_stage', 'unit_key', 'core.dim_unit', 'unit_key', false),
            ('core.fct_stage', 'procedure_key', 'core.dim_procedure', 'procedure_key', false),
            ('core.fct_stage', 'status', 'core.dim_status', 'status', false),
            ('core.fct_stage', 'received_on', 'core.dim_date', 'date', false),
            ('core.fct_stage', 'dossier_code', 'core.fct_dossier', 'dossier_code', false),
            ('core.fct_due', 'dossier_code', 'core.fct_dossier', 'dossier_code', false)
        ) as k (referring, referring_column, referred, referred_column, may_be_checked)
    loop
        if can_be_stated or key.may_be_checked then
            execute format(
                'alter table %s add foreign key (%I) references %s (%I) %s',
                key.referring, key.referring_column, key.referred, key.referred_column,
                case when can_be_stated then 'not enforced' else 'deferrable initially deferred' end
            );
        end if;
    end loop;
end
$$;
