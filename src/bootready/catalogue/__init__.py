"""The checks, one module each, in folders by topic."""
