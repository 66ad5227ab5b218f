"""Small functions over the vault's tables: rows in, plain values out; each takes a connection in a transaction."""
