"""The day around the review desk: entering, home, breaks, leaving."""
