"""The installed program, as its commands are typed."""
