"""The demonstration: draws media, starts a coordinator, drives the window."""
