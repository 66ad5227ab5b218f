"""The intake: a post office with three shelves of sealed letters."""
