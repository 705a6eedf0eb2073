"""What must be fast (design.md 9): ratios within one run, the other way beside ours."""
