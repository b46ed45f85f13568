"""Nodes -> Project: interpolate, include, extends, merge, canonical form, schema, defaults."""
