-- grain: one channel of submission.
create view mart.channel as
select
    c.channel,
    c.channel_name_vi,
    c.channel_name_en,
    c.is_online
from core.dim_channel as c;

comment on view mart.channel is 'Channels of submission, for readers of marts: grain one channel, as core.dim_channel.';
