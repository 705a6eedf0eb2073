"""The SQLCipher database and its anchor."""
