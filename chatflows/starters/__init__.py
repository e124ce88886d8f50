"""Starting points for a new chatflow, one per file: a flow that runs."""

from chatflows.starters import contact, menu, order_desk, triage

STARTERS = (triage.STARTER, menu.STARTER, contact.STARTER, order_desk.STARTER)
