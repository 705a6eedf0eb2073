"""Tests of reviewer.keys."""
