"""Small readers of the configuration files that services mount: the addresses in them."""
