-- Until the next run has read the list of sources, which it does without this digest, the name is the Vietnamese one.
alter table core.dim_source add column title_en text;
update core.dim_source set title_en = title_vi;
alter table core.dim_source alter column title_en set not null;
delete from ops.setting where name = 'sources_digest';

comment on column core.dim_source.title_en is 'Name in English; the same as title_vi where the list of sources has none.';
