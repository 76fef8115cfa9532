-- Units of a report, in the order in which it lists them: each code asked for with what belongs to it (a district
-- with its communes, a province with all of its list); all units when none is asked for.
-- `unit_no`: the unit that a reader may choose, here the same as `place`. Parameters: units (codes, or null).
-- Makes report_unit, report_page.
create temporary table report_unit on commit drop as
select
    u.unit_code,
    u.valid_from,
    u.unit_key,
    u.unit_name,
    u.level,
    row_number() over (
        order by
            u.valid_from,
            u.province_code,
            -- a district stands before its own communes
            case when u.level = 'commune' then u.parent_code when u.level = 'district' then u.unit_code end nulls first,
            u.level = 'commune',
            u.unit_code
    ) as place
from core.dim_unit as u
where cast(:units as text []) is null
    or exists (
        select 1
        from core.dim_unit as a
        where a.unit_code = any(cast(:units as text [])) and a.valid_from = u.valid_from
            and (
                a.unit_code = u.unit_code
                or (a.level = 'district' and u.parent_code = a.unit_code)
                or (a.level = 'province' and u.province_code = a.unit_code)
            )
    );

alter table report_unit add column unit_no bigint;
update report_unit set unit_no = place;

create temporary table report_page on commit drop as
select u.unit_no, u.unit_code, u.valid_from, u.unit_name
from report_unit as u;

analyze report_unit, report_page;
