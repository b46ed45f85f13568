"""Project -> running, or explained: up, watch, verify, diagnose."""
