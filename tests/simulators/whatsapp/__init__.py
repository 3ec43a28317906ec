"""A simulator of Meta's WhatsApp Cloud API, written from the protocol and from nothing of the product."""
