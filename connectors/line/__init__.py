"""LINE (Messaging API): webhooks in, replies and pushes out. README.md says how to set it up."""
