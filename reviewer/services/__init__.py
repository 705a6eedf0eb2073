"""Use cases, one module each; they see ports, never adapters."""
