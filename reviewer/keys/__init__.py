"""The profile header, key wrapping, the system keyring."""
