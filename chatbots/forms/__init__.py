"""The forms of the builder's steps, one per file. They have types; the schema judges."""
