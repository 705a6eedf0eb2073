"""The reveal state machine and the limits. Pure; time is an argument."""
