"""Vietnam's time, in which all instants are shown and all days begin."""

from __future__ import annotations

from datetime import timedelta, timezone

TIME_ZONE = "Asia/Ho_Chi_Minh"
#: UTC+7 all year, also for instants of exports that claim a time before 1975.
VIETNAM = timezone(timedelta(hours=7), TIME_ZONE)
