-- grain: one dossier. What its latest statement says, in the words of rule set ii06.
{{ config(unique_key='code', incremental_strategy='delete+insert', indexes=[{'columns': ['code'], 'unique': true}, {'columns': ['load_id']}]) }}
select
    code,
    regexp_replace(unit, '^UBND ', '') as unit,
    sector,
    procedure,
    received_at,
    due_at,
    case when status in ('Công dân yêu cầu rút hồ sơ', 'Đã xử lý xong', 'Đã trả kết quả') then ended_at end as ended_at,
    case
        when status = 'Công dân yêu cầu rút hồ sơ' then 'withdrawn'
        when status in ('Đã xử lý xong', 'Đã trả kết quả') then 'resolved'
        when status in ('Yêu cầu bổ sung giấy tờ', 'Yêu cầu thực hiện nghĩa vụ tài chính', 'Dừng xử lý') then 'suspended'
        else 'processing'
    end as state,
    exported_at,
    _dlt_load_id as load_id
from {{ source('raw', 'dossier') }}
where status not in ('Mới đăng ký', 'Không được tiếp nhận')
{% if is_incremental() %}
    and _dlt_load_id > (select coalesce(max(load_id), '') from {{ this }})
{% endif %}
