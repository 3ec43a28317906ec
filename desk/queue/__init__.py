"""Who waits, in which order, and who gets it."""
