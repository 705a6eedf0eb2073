"""The shape of the code itself: who imports whom, how large, and where."""
