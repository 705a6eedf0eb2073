"""Messages between `media` and `decoder`; standard library only."""
