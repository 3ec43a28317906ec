"""Web chat: the widget, its socket and polling interface, and the demo shop."""
