"""Cuts a byte stream into the chunks of an age payload and runs each through a cipher, in constant memory."""

from collections.abc import Callable, Iterator

_CHUNKS_AT_ONCE = 16  # 1 MiB: the memory that a stream needs, whatever it is given


class ChunkStream:
    """Chunks of one size go in, chunks of another come out.

    Args:
        transform: takes a chunk and the memory for its result, which may be longer; returns the size of the result.
        size: bytes of a full chunk.
        size_after: bytes of a full chunk when transformed.
        keep_back: do not take a full chunk before it is known that something follows, because the last chunk is
            transformed differently.
    """

    def __init__(
        self, transform: Callable[[memoryview, memoryview], int], size: int, size_after: int, *, keep_back: bool
    ) -> None:
        self._transform = transform
        self._size = size
        self._keep_back = int(keep_back)
        self._held = memoryview(bytearray(size))
        self._held_size = 0
        # One piece of memory is used again and again: fresh pages for each call cost more than the cipher.
        self._output = memoryview(bytearray(_CHUNKS_AT_ONCE * size_after))

    @property
    def held(self) -> memoryview:
        """What has come in and was not transformed."""
        return self._held[: self._held_size]

    def update(self, data: bytes | memoryview) -> bytes:
        """Return the full chunks that are complete with ``data``, transformed."""
        done = []
        filled = 0
        for chunk in self._full_chunks(memoryview(data)):
            if filled == len(self._output):
                done.append(bytes(self._output))
                filled = 0
            filled += self._transform(chunk, self._output[filled:])
        done.append(bytes(self._output[:filled]))
        return b"".join(done)

    def finish(self, transform: Callable[[memoryview, memoryview], int]) -> bytes:
        """Return what is held, transformed as the last chunk."""
        return bytes(self._output[: transform(self.held, self._output)])

    def _full_chunks(self, data: memoryview) -> Iterator[memoryview]:
        """Cut off chunks; each is valid until the next is asked for. Only what is held is copied."""
        position = 0
        for _ in range((self._held_size + len(data) - self._keep_back) // self._size):
            start, position = position, position + self._size - self._held_size
            if self._held_size:
                self._held[self._held_size :] = data[start:position]
                self._held_size = 0
                yield self._held
            else:
                yield data[start:position]
        rest = data[position:]
        self._held[self._held_size : self._held_size + len(rest)] = rest
        self._held_size += len(rest)
