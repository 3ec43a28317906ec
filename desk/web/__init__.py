"""What every page of the desk stands on: who asks, what they may, words, templates, errors."""
