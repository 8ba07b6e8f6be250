"""Real shells on a pseudo-terminal."""
