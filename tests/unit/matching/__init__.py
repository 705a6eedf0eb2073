"""Tests of reviewer/matching."""
