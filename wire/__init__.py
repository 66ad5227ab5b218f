"""What crosses between machines: frozen dataclasses to bytes and back, versioned and bounded."""
