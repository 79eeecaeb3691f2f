"""ROS 2 nodes and bag tools around the `samwise` model."""
