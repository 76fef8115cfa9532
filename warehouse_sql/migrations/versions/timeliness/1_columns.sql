-- How each dossier stands under each rule set stands with the dossier, so that nobody has to sum its events.
do $$
declare
    fact text;
begin
    foreach fact in array array['fct_dossier', 'fct_dossier_past', 'staged_fct_dossier'] loop
        execute format(
            'alter table core.%I add column is_on_time_ii06 boolean, add column is_on_time_qd766 boolean,'
            ' add column is_on_time_opencps boolean, add column resolved_on date, add column overdue_from_ii06 date,'
            -- Until these facts are derived again, events say what counts.
            ' add column overdue_from_qd766 date, add column overdue_from_opencps date, add column settled_on date default ''infinity''',
            fact
        );
        execute format('alter table core.%I alter column settled_on drop default', fact);
        execute format('comment on column core.%I.resolved_on is %L', fact, 'Day on which form II.06 counts it as resolved; null while it does not.');
        execute format('comment on column core.%I.settled_on is %L', fact, 'Last day on which something else than a due date that passes changes how it stands under a rule set, where that is not resolved_on. As of a day before it, its events alone say how it stands.');
    end loop;
end
$$;
do $$
declare
    fact text;
    rule_set text;
begin
    foreach fact in array array['fct_dossier', 'fct_dossier_past', 'staged_fct_dossier'] loop
        foreach rule_set in array array['ii06', 'qd766', 'opencps'] loop
            execute format('comment on column core.%I.%I is %L', fact, 'is_on_time_' || rule_set, 'Finished early or on time under the rule set ' || rule_set || '; false: finished late; null: not finished, or not timed by it.');
            execute format('comment on column core.%I.%I is %L', fact, 'overdue_from_' || rule_set, 'First day at whose end it is overdue under the rule set ' || rule_set || ' if nothing more becomes known of it, past or to come; null where it will not be.');
        end loop;
    end loop;
end
$$;

-- Of a warehouse that is older than this.
insert into history.touched_dossier (dossier_code)
select f.dossier_code from core.fct_dossier as f
on conflict do nothing;
