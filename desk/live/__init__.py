"""News to open pages: server-sent events."""
