"""The credentials of embedding models and of accounts that sources are read with."""
