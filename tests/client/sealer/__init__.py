"""The offline sealer in the browsers that sources have, opened from the disk, on a machine without a network."""
