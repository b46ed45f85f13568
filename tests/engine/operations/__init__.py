"""Tests of one core stack, which is booted for all of them: this makes a package of their files."""
