"""Tests of `reviewer.lockdown`."""
