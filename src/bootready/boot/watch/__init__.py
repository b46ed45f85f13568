"""What Compose and the engine say while a project boots -> the state of its services."""
