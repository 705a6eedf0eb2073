"""What the demonstration counts and says, without a window."""
