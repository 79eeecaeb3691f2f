"""Playing, recording and making rosbag2 files with `rosbags`: no `ros2` command line, no rosbag2 needed."""
