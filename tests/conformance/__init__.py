"""One suite a port; every adapter and every fake must pass."""
