"""Partitions: the days on which portals made their exports."""

from __future__ import annotations

import dagster as dg

from warehouse_sql.vietnam_time import TIME_ZONE

#: Today is one of them: the run of 05:30 takes in what was exported in the night.
export_days = dg.DailyPartitionsDefinition(start_date="2020-01-01", timezone=TIME_ZONE, end_offset=1)
