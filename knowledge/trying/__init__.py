"""A draft's chunks before anything is indexed: prepared, shown, edited, asked."""
