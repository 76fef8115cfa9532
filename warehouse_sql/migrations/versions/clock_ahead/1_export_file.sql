-- Files whose export time is later than their arrival by more than ten minutes: the clock of the exporting computer ran ahead.
alter table landing.export_file add column clock_ahead text check (clock_ahead in ('refused', 'accepted', 'counted'));

comment on column landing.export_file.clock_ahead is
'Where the file says an export time more than ten minutes after its arrival: refused (status failed, nothing of it counts), accepted (a person let it in, its arrival stands as export time), counted (an older version took it in with the time it says; until the warehouse is rebuilt). Null: its time can be.';

-- 23:59:59 stands for a day without a clock, which is that whole day.
update landing.export_file
set clock_ahead = 'counted'
where status = 'loaded'
    and exported_at - case
        when cast(exported_at at time zone 'Asia/Ho_Chi_Minh' as time) = '23:59:59' then interval '23:59:59' else interval '0'
    end
    -- Where the arrival was said to be the export time, the file came no later than it was loaded.
    > least(received_at, loaded_at) + interval '10 minutes';
