"""The website crawler: from an address to the texts of its pages."""
