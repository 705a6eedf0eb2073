"""Tests of `reviewer.services`."""
