-- grain: one source and day.
create view vi."Nguồn dữ liệu theo ngày" as
select
    f.day as "Ngày",
    s.title_vi as "Nguồn",
    f.reason_vi as "Tình trạng",
    f.files as "Số tệp",
    f.rows as "Số dòng",
    f.expected_rows as "Số dòng thường có"
from ops.feed_day as f
inner join core.dim_source as s on f.source = s.source;

comment on view vi."Nguồn dữ liệu theo ngày" is
'ops.feed_day under Vietnamese headings: grain one source and day: which exports are missing or thin.';
comment on column vi."Nguồn dữ liệu theo ngày"."Ngày" is 'Export day in Vietnam.';
comment on column vi."Nguồn dữ liệu theo ngày"."Nguồn" is 'Name.';
comment on column vi."Nguồn dữ liệu theo ngày"."Tình trạng" is 'The status in words, in Vietnamese.';
comment on column vi."Nguồn dữ liệu theo ngày"."Số tệp" is 'Different contents taken in, lists of steps among them.';
comment on column vi."Nguồn dữ liệu theo ngày"."Số dòng" is 'Rows of its lists of dossiers; null where none came.';
comment on column vi."Nguồn dữ liệu theo ngày"."Số dòng thường có" is 'Median of the rows of the same weekday, worked or not worked alike, in the weeks before; null with fewer than 4 such days.';
