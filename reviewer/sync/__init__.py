"""The coordinator client over HTTP."""
