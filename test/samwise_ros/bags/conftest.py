"""Makes the fixtures of other files known to the tests of this folder."""

from small_disks import small_disk

__all__ = ["small_disk"]
