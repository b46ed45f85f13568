"""What is known without looking at a project or a machine."""
