"""Tests of the reveal machine, the values and the break rule."""
