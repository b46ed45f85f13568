"""A resolved project -> the file that `docker stack deploy` takes, and what it cannot say."""
