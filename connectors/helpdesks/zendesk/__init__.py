"""Zendesk, through tickets."""
