"""Frozen values and enums of the field; no behaviour, no imports but msgspec."""
