"""The payload of an age file, chunk after chunk, in either direction (C2SP age.md, "Payload": a STREAM variant)."""

from collections.abc import Callable, Iterator

from crypto.primitives import CHUNK_SIZE, TAG_SIZE, chunk_nonce

_Transform = Callable[[bytes, memoryview, None, memoryview], int]

_CHUNKS_AT_ONCE = 16  # 1 MiB: the memory that a stream needs, whatever it is given


class ChunkStream:
    """Runs a stream through a cipher in chunks.

    The last chunk is sealed differently, so a full chunk is kept back until it is known whether anything follows.

    Args:
        transform: ``encrypt_into`` or ``decrypt_into`` of the payload's cipher.
        chunk_size: bytes of a full chunk that goes in: 65,536 to seal, 65,552 to unseal.
    """

    def __init__(self, transform: _Transform, chunk_size: int) -> None:
        self._transform = transform
        self._size = chunk_size
        self._growth = TAG_SIZE if chunk_size == CHUNK_SIZE else -TAG_SIZE
        self._held = memoryview(bytearray(chunk_size))
        self._held_size = 0
        # One piece of memory is used again and again: fresh pages for each call cost more than the cipher.
        self._output = memoryview(bytearray(_CHUNKS_AT_ONCE * (chunk_size + self._growth)))
        self.counter = 0

    @property
    def held(self) -> memoryview:
        """What is kept back: at least one byte once anything was given."""
        return self._held[: self._held_size]

    def update(self, data: bytes | memoryview) -> bytes:
        """Return all chunks that are known not to be the last, transformed."""
        done = []
        filled = 0
        for chunk in self._full_chunks(memoryview(data)):
            if filled == len(self._output):
                done.append(bytes(self._output))
                filled = 0
            filled += self._run(chunk, self._output[filled:], last=False)
        done.append(bytes(self._output[:filled]))
        return b"".join(done)

    def finish(self) -> bytes:
        """Return the last chunk, transformed."""
        return bytes(self._output[: self._run(self.held, self._output, last=True)])

    def _run(self, chunk: memoryview, output: memoryview, *, last: bool) -> int:
        nonce = chunk_nonce(self.counter, last=last)
        size = self._transform(nonce, chunk, None, output[: max(0, len(chunk) + self._growth)])
        self.counter += 1
        return size

    def _full_chunks(self, data: memoryview) -> Iterator[memoryview]:
        """Cut off chunks; each is valid until the next is asked for. Only what is kept back is copied."""
        position = 0
        for _ in range((self._held_size + len(data) - 1) // self._size):
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
