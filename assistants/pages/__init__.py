"""The pages of everything that one talks to: the dashboard, and for each kind its list and the
pages of a live one."""
