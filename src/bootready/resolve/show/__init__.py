"""The resolved model -> the output of `config`."""
