"""What is known of the engine and of Compose: their words, numbers and versions."""
