"""Other companies' helpdesks behind one contract: a hand-off becomes a case there, and its agents answer from there."""
