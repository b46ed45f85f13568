"""What was seen of a failed boot -> the root service, the cause and a remedy."""
