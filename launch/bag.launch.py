"""The segmenter on a recording, in the time of the recording.

    ros2 launch samwise_ros bag.launch.py bag:=drive.mcap image:=/front/image_raw expression:="the red car"

Takes the arguments of camera.launch.py as well. Ends when the recording does.
"""

import shlex

from launch import LaunchContext, LaunchDescription
from launch.actions import DeclareLaunchArgument, IncludeLaunchDescription, OpaqueFunction, Shutdown
from launch.substitutions import LaunchConfiguration, PathJoinSubstitution
from launch_ros.actions import Node
from launch_ros.substitutions import FindPackageShare

CAMERA = PathJoinSubstitution([FindPackageShare("samwise_ros"), "launch", "camera.launch.py"])

ARGUMENTS = [
    DeclareLaunchArgument("bag", description="rosbag2 directory, or .mcap or .db3 file"),
    DeclareLaunchArgument(
        "image", default_value="/camera/image", description="topic of the images, as it is played"
    ),
    DeclareLaunchArgument(
        "play_args", default_value="", description="more options for play_bag, like '--loop --rate 0.5'"
    ),
]


def player(context: LaunchContext) -> list[Node]:
    """The player, which waits for the segmenter to have loaded its model."""
    return [
        Node(
            package="samwise_ros",
            executable="play_bag",
            arguments=[
                LaunchConfiguration("bag"),
                "--quiet",
                "--clock",
                "--wait-timeout",
                "300",
                *shlex.split(LaunchConfiguration("play_args").perform(context)),
                "--wait-for-subscribers",
                LaunchConfiguration("image"),
            ],
            output="screen",
            on_exit=[Shutdown(reason="the recording is over")],
        )
    ]


def generate_launch_description() -> LaunchDescription:
    """Called by `ros2 launch`."""
    return LaunchDescription(
        [
            *ARGUMENTS,
            IncludeLaunchDescription(
                CAMERA,
                launch_arguments={"image": LaunchConfiguration("image"), "use_sim_time": "true"}.items(),
            ),
            OpaqueFunction(function=player),
        ]
    )
