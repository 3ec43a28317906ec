"""Writing to a customer: translation, gate, preview, cost, ready texts."""
