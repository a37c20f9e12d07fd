"""The local visit record and outbox, and their delivery to the site."""
