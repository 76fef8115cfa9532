-- The rows that motcua defines, in English too. They come from core/definitions/*.yaml, which are loaded with views and functions.
alter table core.rule_set
    add column title_en text not null default '',
    add column compares_en text not null default '',
    add column without_due_en text not null default '',
    add column withdrawn_en text not null default '',
    add column waiting_en text not null default '',
    add column paying_en text not null default '',
    add column stopped_en text not null default '';
alter table core.rule_set
    alter column title_en drop default,
    alter column compares_en drop default,
    alter column without_due_en drop default,
    alter column withdrawn_en drop default,
    alter column waiting_en drop default,
    alter column paying_en drop default,
    alter column stopped_en drop default;
comment on column core.rule_set.title_en is 'As title_vi, in English.';
comment on column core.rule_set.compares_en is 'As compares_vi, in English.';
comment on column core.rule_set.without_due_en is 'As without_due_vi, in English.';
comment on column core.rule_set.withdrawn_en is 'As withdrawn_vi, in English.';
comment on column core.rule_set.waiting_en is 'As waiting_vi, in English.';
comment on column core.rule_set.paying_en is 'As paying_vi, in English.';
comment on column core.rule_set.stopped_en is 'As stopped_vi, in English.';
alter table core.indicator
    add column title_en text not null default '',
    add column formula_en text not null default '',
    add column approximation_en text,
    add column catalogue_gap_en text,
    add column attribute_en text,
    add column source_en text not null default '';
alter table core.indicator
    alter column title_en drop default,
    alter column formula_en drop default,
    alter column source_en drop default;
comment on column core.indicator.title_en is 'As title_vi, in English.';
comment on column core.indicator.formula_en is 'As formula_vi, in English.';
comment on column core.indicator.approximation_en is 'As approximation_vi, in English.';
comment on column core.indicator.catalogue_gap_en is 'As catalogue_gap_vi, in English.';
comment on column core.indicator.attribute_en is 'As attribute_vi, in English.';
comment on column core.indicator.source_en is 'As source, in English.';
alter table core.dim_status
    add column status_name_en text not null default '';
alter table core.dim_status
    alter column status_name_en drop default;
comment on column core.dim_status.status_name_en is 'As status_name_vi, in English.';
alter table core.dim_channel
    add column channel_name_en text not null default '';
alter table core.dim_channel
    alter column channel_name_en drop default;
comment on column core.dim_channel.channel_name_en is 'As channel_name_vi, in English.';
