"""What values say: placeholders, recipes in comments, and what a name asks for."""
