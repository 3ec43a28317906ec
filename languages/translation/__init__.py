"""Machine translation behind one door: engines, packages, sentences, masks, cache."""
