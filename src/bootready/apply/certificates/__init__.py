"""A local authority, what it issues, and who trusts it."""
