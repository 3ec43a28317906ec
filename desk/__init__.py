"""The agents' desk: a web application in which people answer customers."""
