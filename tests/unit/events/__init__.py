"""The closed log of events."""
