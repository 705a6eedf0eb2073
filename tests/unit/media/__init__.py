"""Tests of `reviewer.media`."""
