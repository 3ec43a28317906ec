"""What the vendors' simulators share: a clock that moves, signatures, faults, webhook delivery, a server, a page."""
