"""The segmenter on a camera.

    ros2 launch samwise_ros camera.launch.py image:=/camera/image_raw expression:="the red car"

The camera driver sends the images, so it needs the DDS profile in config/fastdds.xml, too: launch it from
a file that includes this one first, or set the environment variable named in that profile for it.
"""

import os

from launch import LaunchContext, LaunchDescription
from launch.actions import DeclareLaunchArgument, OpaqueFunction, SetEnvironmentVariable
from launch.conditions import IfCondition
from launch.substitutions import EnvironmentVariable, LaunchConfiguration, PathJoinSubstitution
from launch_ros.actions import LifecycleNode, Node
from launch_ros.parameter_descriptions import ParameterFile, ParameterValue
from launch_ros.substitutions import FindPackageShare

CONFIG = PathJoinSubstitution([FindPackageShare("samwise_ros"), "config"])

# Where Fast DDS looks for its profile. Newer ones read the old name, too, but complain.
OLD_FASTDDS = os.environ.get("ROS_DISTRO") in ("humble", "iron", "jazzy")
PROFILE = "FASTRTPS_DEFAULT_PROFILES_FILE" if OLD_FASTDDS else "FASTDDS_DEFAULT_PROFILES_FILE"

# Arguments that overrule the parameter file, if they are given.
OVERRULING = {"checkpoint": str, "device": str, "precision": str, "expression": str, "autostart": bool}

ARGUMENTS = [
    DeclareLaunchArgument("image", default_value="/camera/image_raw", description="topic of the camera"),
    DeclareLaunchArgument(
        "namespace", default_value="", description="of the node and its topics; one for each camera"
    ),
    DeclareLaunchArgument(
        "params_file",
        default_value=PathJoinSubstitution([CONFIG, "segmenter.yaml"]),
        description="parameters of the node; the arguments below go before it where they are not empty",
    ),
    DeclareLaunchArgument("expression", default_value="", description="sentence to begin with"),
    DeclareLaunchArgument("checkpoint", default_value="", description="file with the weights"),
    DeclareLaunchArgument("device", default_value="", description="cpu, cuda, cuda:0, ..."),
    DeclareLaunchArgument("precision", default_value="", description="float32, bfloat16 or float16"),
    DeclareLaunchArgument("autostart", default_value="", description="false: wait for a lifecycle manager"),
    DeclareLaunchArgument("use_sim_time", default_value="false", description="take the time from /clock"),
    DeclareLaunchArgument("rviz", default_value="false", description="also show it all in rviz2"),
]


def segmenter(context: LaunchContext) -> list[LifecycleNode]:
    """The node, with those of the overruling arguments that were given."""
    given = {
        name: ParameterValue(value, value_type=kind)
        for name, kind in OVERRULING.items()
        if (value := LaunchConfiguration(name).perform(context))
    }
    return [
        LifecycleNode(
            package="samwise_ros",
            executable="segmenter",
            name="segmenter",
            namespace=LaunchConfiguration("namespace"),
            parameters=[
                ParameterFile(LaunchConfiguration("params_file")),
                given,
                {"use_sim_time": ParameterValue(LaunchConfiguration("use_sim_time"), value_type=bool)},
            ],
            remappings=[("image", LaunchConfiguration("image"))],
            output="screen",
        )
    ]


def generate_launch_description() -> LaunchDescription:
    """Called by `ros2 launch`."""
    return LaunchDescription(
        [
            *ARGUMENTS,
            # What the user has set stays.
            SetEnvironmentVariable(
                PROFILE,
                EnvironmentVariable(PROFILE, default_value=PathJoinSubstitution([CONFIG, "fastdds.xml"])),
            ),
            OpaqueFunction(function=segmenter),
            Node(
                package="rviz2",
                executable="rviz2",
                namespace=LaunchConfiguration("namespace"),
                arguments=["-d", PathJoinSubstitution([CONFIG, "segmenter.rviz"])],
                parameters=[
                    {"use_sim_time": ParameterValue(LaunchConfiguration("use_sim_time"), value_type=bool)}
                ],
                # From the names in the rviz configuration to those in the namespace.
                remappings=[
                    ("/image", LaunchConfiguration("image")),
                    ("/segmenter/mask", "segmenter/mask"),
                    ("/segmenter/overlay", "segmenter/overlay"),
                ],
                condition=IfCondition(LaunchConfiguration("rviz")),
            ),
        ]
    )
