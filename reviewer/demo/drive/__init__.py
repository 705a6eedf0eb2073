"""Driving the actual window by keys: the whole walk, and the three moments."""
