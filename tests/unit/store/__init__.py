"""Tests of reviewer.store."""
