-- grain: one source of exports.
create view mart.source as
select
    s.source,
    s.title_vi as source_name_vi,
    s.title_en as source_name_en,
    s.portal
from core.dim_source as s;

comment on view mart.source is 'Sources of exports with their names, for readers of marts: grain one source, as core.dim_source.';
