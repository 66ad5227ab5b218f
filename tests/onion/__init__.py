"""The intake as onion services of a private Tor network, visited with Firefox; runs in a network of its own alone."""
