"""Review terrorist and violent content offline, seeing as little as it takes."""
