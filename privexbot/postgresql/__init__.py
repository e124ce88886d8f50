"""Django's PostgreSQL with a pool that survives a restart of the server; the ENGINE of ours."""
