"""The builder: the screens over the draft machine. Knows no entity kind."""
