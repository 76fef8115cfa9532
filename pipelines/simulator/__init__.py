"""Made-up portals: export files in all three shapes, for the demo, for load and for tests.

What belongs here: the drawing of a world of dossiers and the writing of what portals would say of it, the same
for the same seed. What does not: reading such files, and anything about a real citizen.
"""

from pipelines.simulator.fates import Spike, parse_spike
from pipelines.simulator.run import simulate, simulate_tinh_bien
from pipelines.simulator.truth import Counts, Truth, UnitCounts

__all__ = ["Counts", "Spike", "Truth", "UnitCounts", "parse_spike", "simulate", "simulate_tinh_bien"]
