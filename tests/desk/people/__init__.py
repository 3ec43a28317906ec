"""Accounts, sign-in and what everybody did."""
