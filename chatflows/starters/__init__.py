"""Starting points for a new chatflow, one per file: a flow that runs."""

from chatflows.starters import billing, contact, menu

STARTERS = (billing.STARTER, menu.STARTER, contact.STARTER)
