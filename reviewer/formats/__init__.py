"""Canonical encoding and verification of everything that crosses a border."""
