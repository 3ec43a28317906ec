"""Strict checks of what is sent to the vendor: a mistake of the product is to be caught here, not in production."""
