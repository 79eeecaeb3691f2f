"""Joins pictures with the masks that were computed from them, by their stamps."""

from __future__ import annotations

from dataclasses import dataclass, field

#: Most pictures kept until their masks come, and most bytes of them. A large model takes seconds for one.
CAPACITY = 120
CAPACITY_BYTES = 128 << 20


@dataclass(frozen=True)
class Sight:
    """A picture, with the mask computed from it and the true one where they are known.

    All three are serialised messages: nothing is unpacked before somebody looks.

    Attributes:
        stamp_ns: of the picture, in nanoseconds since the epoch.
        compressed: whether `image` is a sensor_msgs/CompressedImage; else it is a sensor_msgs/Image.
    """

    stamp_ns: int
    image: bytes
    compressed: bool = False
    mask: bytes | None = None
    truth: bytes | None = None


@dataclass
class FrameJoin:
    """Keeps pictures until their masks come. For one thread.

    Attributes:
        passed_over: pictures that never got a mask although a later one did.
        unmatched: masks whose picture is not there, or not there any more.
    """

    passed_over: int = 0
    unmatched: int = 0
    _images: dict[int, tuple[bytes, bool]] = field(default_factory=dict)
    _truths: dict[int, bytes] = field(default_factory=dict)
    _bytes: int = 0
    _newest: int = 0

    def add_image(self, stamp_ns: int, data: bytes, compressed: bool = False) -> Sight:
        """Keep a picture until its mask comes, and return what is known of it by now."""
        if stamp_ns < self._newest:
            # A recording begins again: masks of the last round must not meet pictures of this one.
            self.clear()
        self._newest = stamp_ns
        self._forget(stamp_ns)
        self._images[stamp_ns] = (data, compressed)
        self._bytes += len(data)
        while len(self._images) > CAPACITY or (self._bytes > CAPACITY_BYTES and len(self._images) > 1):
            self._forget(next(iter(self._images)))
        return Sight(stamp_ns, data, compressed)

    def add_truth(self, stamp_ns: int, data: bytes) -> None:
        """Keep a true mask until the computed one comes."""
        self._truths[stamp_ns] = data
        while len(self._truths) > CAPACITY:
            del self._truths[next(iter(self._truths))]

    def add_mask(self, stamp_ns: int, data: bytes) -> Sight | None:
        """Return the mask with its picture, or None where that is not there."""
        found = self._images.get(stamp_ns)
        if found is None:
            self.unmatched += 1
            return None
        for earlier in [stamp for stamp in self._images if stamp < stamp_ns]:
            self.passed_over += 1
            self._forget(earlier)
        self._forget(stamp_ns)
        truth = self._truths.pop(stamp_ns, None)
        for earlier in [stamp for stamp in self._truths if stamp < stamp_ns]:
            del self._truths[earlier]
        return Sight(stamp_ns, *found, mask=data, truth=truth)

    def clear(self) -> None:
        """Forget all pictures, not the counts."""
        self._images.clear()
        self._truths.clear()
        self._bytes = self._newest = 0

    def _forget(self, stamp_ns: int) -> None:
        data, _ = self._images.pop(stamp_ns, (b"", False))
        self._bytes -= len(data)
