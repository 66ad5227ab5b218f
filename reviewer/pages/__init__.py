"""The pages, one module for each noun; a view reads, calls an act, and shows, but decides nothing."""
