"""One module a command; prints values and maps error codes to exit codes."""
