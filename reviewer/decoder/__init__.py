"""The child program: bytes in, pixels out. Sees only `pipe` and `lockdown`."""
