"""A project and its small configuration files -> who talks to whom; knows no checks."""
