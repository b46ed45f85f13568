"""A page on the loopback interface that follows a boot; only `server.py` knows HTTP."""
