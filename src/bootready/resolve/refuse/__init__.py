"""What Compose refuses, and in which words."""
