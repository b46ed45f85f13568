"""The machinery that runs the catalogue: discovery, evidence, silences, roll-up."""
