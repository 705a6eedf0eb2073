"""The coordinating service; never in a reviewer's installer."""
