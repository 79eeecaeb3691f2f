"""The recorded scene that ships with the package, with its two sentences, through the segmenter.

    ros2 launch samwise_ros demo.launch.py rviz:=true
    ros2 launch samwise_ros demo.launch.py record:=/tmp/demo_output.mcap

Takes the arguments of camera.launch.py as well, but for image and namespace: the scene has its own topics.
The report with pictures comes from `make demo`, or `ros2 run samwise_ros demo`.
"""

from launch import LaunchContext, LaunchDescription
from launch.actions import DeclareLaunchArgument, IncludeLaunchDescription, OpaqueFunction
from launch.substitutions import LaunchConfiguration, PathJoinSubstitution
from launch_ros.actions import Node
from launch_ros.substitutions import FindPackageShare

SHARE = FindPackageShare("samwise_ros")
RECORDED = ("/segmenter/mask", "/segmenter/target", "/ground_truth/mask")
# A run without a switch of target is a good one.
EVENTS = "/segmenter/target_switched"


def recorder(context: LaunchContext) -> list[Node]:
    """The recorder, if a file was given."""
    file = LaunchConfiguration("record").perform(context)
    if not file:
        return []
    arguments = ["--compress", "--overwrite", file, *RECORDED, "--optional", EVENTS]
    return [Node(package="samwise_ros", executable="record_bag", arguments=arguments, output="screen")]


def generate_launch_description() -> LaunchDescription:
    """Called by `ros2 launch`."""
    return LaunchDescription(
        [
            DeclareLaunchArgument(
                "record", default_value="", description="MCAP file for masks, states and events"
            ),
            OpaqueFunction(function=recorder),
            IncludeLaunchDescription(
                PathJoinSubstitution([SHARE, "launch", "bag.launch.py"]),
                launch_arguments={
                    "bag": PathJoinSubstitution([SHARE, "demo", "demo.mcap"]),
                    "image": "/camera/image",
                }.items(),
            ),
        ]
    )
