"""Real SQLCipher, real decoder processes, a loopback coordinator."""
