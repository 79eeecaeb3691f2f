"""Makes the fixtures for talking to the node known to the tests of this folder."""

from integration.bag_tool import start_tool
from integration.fixtures import client, ros, seeded_checkpoint, segmenter, start_segmenter
from small_disks import small_disk

__all__ = ["client", "ros", "seeded_checkpoint", "segmenter", "small_disk", "start_segmenter", "start_tool"]
