"""One module per symptom: the function of the module's name looks at evidence and explains it."""
