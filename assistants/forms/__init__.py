"""The forms of the steps that all kinds share, one per file. They have types; the schema judges."""
