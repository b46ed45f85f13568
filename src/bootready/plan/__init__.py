"""Findings -> Plan: which steps make the findings go away, in which order."""
