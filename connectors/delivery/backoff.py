"""How long to wait before the next try: longer each time, never all at once."""

import random

FIRST_S = 1.0
LONGEST_S = 300.0


def pause(attempts: int, asked: float | None, rng: random.Random) -> float:
    """Seconds to wait after `attempts` tries: at least what the vendor asked for, with jitter on top."""
    grown = min(LONGEST_S, FIRST_S * 2.0 ** max(0, attempts - 1))
    wait = rng.uniform(grown / 2, grown)
    return wait if asked is None else asked + rng.uniform(0, min(grown, 1.0))
