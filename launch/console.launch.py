"""A page in the browser to try a running node on.

    ros2 launch samwise_ros console.launch.py
    ros2 launch samwise_ros console.launch.py node:=/front/segmenter host:=0.0.0.0

Prints the address to open. Beyond this machine (host) it prints one with a token in it.
"""

from launch import LaunchDescription
from launch.actions import DeclareLaunchArgument
from launch.substitutions import LaunchConfiguration
from launch_ros.actions import Node

ARGUMENTS = [
    DeclareLaunchArgument("node", default_value="/segmenter", description="full name of the node to watch"),
    DeclareLaunchArgument(
        "listener", default_value="/listener", description="full name of the node that recognises speech"
    ),
    DeclareLaunchArgument("host", default_value="127.0.0.1", description="address to listen on"),
    DeclareLaunchArgument("port", default_value="8080", description="of the page"),
    DeclareLaunchArgument(
        "recordings", default_value="recordings", description="folder for what is recorded"
    ),
]


def generate_launch_description() -> LaunchDescription:
    """Called by `ros2 launch`."""
    options = [
        part
        for name in ("node", "listener", "host", "port", "recordings")
        for part in (f"--{name}", LaunchConfiguration(name))
    ]
    return LaunchDescription(
        [
            *ARGUMENTS,
            Node(package="samwise_ros", executable="console", arguments=options, output="screen"),
        ]
    )
