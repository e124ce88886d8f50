"""How drafts are kept in Redis. Nothing outside of ``drafts`` imports from here."""
