-- Units of a report by today's list. report_successor: the rows of its form, each code asked for with what belongs to
-- it; a code of a former unit stands for its successors; what has no successor stays what it is. report_unit: the units
-- as received whose dossiers are all theirs. `unit_no`: the unit of the form that has them now, null for a divided one.
-- report_page: what a reader may choose. All units when none is asked for. Parameters: units (codes, or null).
-- Makes report_successor, report_unit, report_page.
create temporary table report_successor on commit drop as
with asked as (
    -- a code that is in use today means today's unit
    select distinct on (u.unit_code) u.unit_code, u.valid_from, u.valid_to, u.level
    from core.dim_unit as u
    where u.unit_code = any(cast(:units as text []))
    order by u.unit_code asc, u.valid_to desc, u.valid_from desc
),

within as (
    select u.unit_code, u.valid_from, u.valid_to
    from core.dim_unit as u
    inner join asked as a on u.valid_from = a.valid_from
        and (
            u.unit_code = a.unit_code
            or (a.level = 'district' and u.parent_code = a.unit_code)
            or (a.level = 'province' and u.province_code = a.unit_code)
        )
    union all
    -- desks and communes of the provinces that a province of today took over
    select u.unit_code, u.valid_from, u.valid_to
    from core.dim_unit as u
    inner join core.unit_successor as s on u.province_code = s.old_code and s.is_full
    inner join asked as a on s.new_code = a.unit_code and a.level = 'province' and a.valid_to = '9999-12-31'
    where u.valid_to < '9999-12-31'
),

target as (
    select s.new_code as unit_code, w.valid_to as valid_from
    from within as w
    inner join core.unit_successor as s on w.unit_code = s.old_code and w.valid_to < '9999-12-31'
    union
    select w.unit_code, w.valid_from
    from within as w
    where w.valid_to = '9999-12-31' or not exists (select 1 from core.unit_successor as s where s.old_code = w.unit_code)
)

select
    u.unit_code,
    u.valid_from,
    u.level,
    row_number() over (order by u.valid_from, u.province_code, u.level = 'commune', u.unit_code) as place
from core.dim_unit as u
where cast(:units as text []) is null
    or exists (select 1 from target as t where t.unit_code = u.unit_code and t.valid_from = u.valid_from);

analyze report_successor;

create temporary table report_unit on commit drop as
-- of a divided unit nobody knows which dossier is whose: only where all of its successors are asked for
with succeeded as (
    select
        u.unit_code,
        u.valid_from,
        bool_and(r.unit_code is not null) as are_all_asked,
        count(*) as successors,
        min(r.place) as place
    from core.dim_unit as u
    inner join core.unit_successor as s on u.unit_code = s.old_code
    left join report_successor as r on s.new_code = r.unit_code and u.valid_to = r.valid_from
    where u.valid_to < '9999-12-31'
    group by u.unit_code, u.valid_from
)

select
    u.unit_code,
    u.valid_from,
    u.unit_key,
    u.unit_name,
    u.level,
    row_number() over (order by u.valid_from, u.province_code, u.level = 'commune', u.unit_code) as place,
    case when s.successors > 1 then null else coalesce(s.place, own.place) end as unit_no
from core.dim_unit as u
left join report_successor as own on u.unit_code = own.unit_code and u.valid_from = own.valid_from
left join succeeded as s on u.unit_code = s.unit_code and u.valid_from = s.valid_from
where coalesce(
    s.are_all_asked,
    own.unit_code is not null
);

create temporary table report_page on commit drop as
select r.place as unit_no, r.unit_code, r.valid_from, u.unit_name
from report_successor as r
inner join core.dim_unit as u on r.unit_code = u.unit_code and r.valid_from = u.valid_from;

analyze report_unit, report_page;
