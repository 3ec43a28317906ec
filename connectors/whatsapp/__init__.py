"""WhatsApp Cloud API: what arrives is read purely, what leaves is sent with an answer for every error."""
