"""The project: wiring only, imported by nobody. ``embedded`` and ``up`` start without Django."""
