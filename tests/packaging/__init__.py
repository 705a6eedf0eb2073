"""What was built, installed into a clean root; run by `poe packaging` alone."""
