"""Control charts: whether a person or a stream has changed, since when, and why."""

from isogloss.core.control.cusum import BernoulliCusum, tune_cusum
from isogloss.core.control.ewma import Ewma, tune_ewma
from isogloss.core.control.gold import LeakTest, exposure_trend, gold_pool_size, speed_gap
from isogloss.core.control.p_charts import PChart, p_chart
from isogloss.core.control.shift_share import Contribution, Share, ShiftShare, shift_share
from isogloss.core.control.traces import Trace

__all__ = [
    "BernoulliCusum",
    "Contribution",
    "Ewma",
    "LeakTest",
    "PChart",
    "Share",
    "ShiftShare",
    "Trace",
    "exposure_trend",
    "gold_pool_size",
    "p_chart",
    "shift_share",
    "speed_gap",
    "tune_cusum",
    "tune_ewma",
]
