"""How an operator runs it: the command line, keys and the demonstration."""
