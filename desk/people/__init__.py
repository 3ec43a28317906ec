"""People who work at the desk: accounts, sign-in, sessions, audit."""
