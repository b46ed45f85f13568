"""What is known of the programs in public images, by family and version, with its sources."""
