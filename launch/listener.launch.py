"""Speech beside a running segmenter.

ros2 launch samwise_ros listener.launch.py                     # the button of the console's page
ros2 launch samwise_ros listener.launch.py source:=microphone cutting:=voice    # "hey robot, the red car"
"""

from launch import LaunchContext, LaunchDescription
from launch.actions import DeclareLaunchArgument, OpaqueFunction
from launch.substitutions import LaunchConfiguration
from launch_ros.actions import Node

# Parameters of the node, where they are given.
PARAMETERS = {
    "engine": "pocketsphinx, faster-whisper or sherpa-onnx",
    "model": "file or folder with the engine's model",
    "source": "topic, audio_common, microphone or file",
    "device": "microphone, by number or a part of its name",
    "file": "WAV file",
    "cutting": "push_to_talk or voice",
    "wake_word": "words that open an utterance when it is cut by voice",
    "target_node": "name of the node that commands are for",
}


def listener(context: LaunchContext) -> list[Node]:
    """The node, with the parameters that were given."""
    given = {name: value for name in PARAMETERS if (value := LaunchConfiguration(name).perform(context))}
    return [
        Node(
            package="samwise_ros",
            executable="listener",
            name="listener",
            namespace=LaunchConfiguration("namespace"),
            parameters=[given],
            output="screen",
        )
    ]


def generate_launch_description() -> LaunchDescription:
    """Called by `ros2 launch`."""
    arguments = [
        DeclareLaunchArgument(name, default_value="", description=d) for name, d in PARAMETERS.items()
    ]
    namespace = DeclareLaunchArgument("namespace", default_value="", description="of the node and its topics")
    return LaunchDescription([*arguments, namespace, OpaqueFunction(function=listener)])
