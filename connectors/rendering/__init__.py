"""Texts and choices within a vendor's limits, with nothing cut; what every channel's render.py is made of."""
