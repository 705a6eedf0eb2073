"""Starts confined programs; the only room that starts processes."""
