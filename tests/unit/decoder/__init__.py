"""Tests of `reviewer.decoder`."""
