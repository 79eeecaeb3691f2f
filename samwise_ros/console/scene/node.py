"""The node `scene`: shows one of several scenes as a camera would, chosen by its parameter `scene`."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import cv2
from ament_index_python.packages import get_package_share_directory
from rcl_interfaces.msg import ParameterDescriptor, SetParametersResult
from rclpy.executors import SingleThreadedExecutor
from rclpy.node import Node
from rclpy.parameter import Parameter

from samwise.errors import SamwiseError
from samwise_ros.bags.errors import BagError
from samwise_ros.console.scene.camera import Camera
from samwise_ros.console.scene.filmed import camera, video
from samwise_ros.console.scene.player import Player
from samwise_ros.console.scene.recorded import recorded
from samwise_ros.console.scene.shots import Shot, Shots
from samwise_ros.console.scene.world import world
from samwise_ros.processes.ros_node import ros_node
from samwise_ros.topics import IMAGE_TOPIC

SPIN_S = 0.05
BAGS = (".mcap", ".db3")


class SceneNode:
    """Parameters of a node that shows scenes.

    Args:
        node: with a camera on it.
        scenes: how to open each, by name.
        first: name of the one to begin with.
    """

    def __init__(self, node: Node, scenes: dict[str, Callable[[], Shots]], first: str) -> None:
        self._node, self._scenes = node, scenes
        self._camera = Camera(node)
        self._speaks = True
        self._player = Player(self._show, lambda line: node.get_logger().warning(line))
        node.declare_parameter(
            "scene",
            first,
            ParameterDescriptor(
                description="What the camera looks at.", additional_constraints=f"one of {', '.join(scenes)}"
            ),
        )
        node.declare_parameter(
            "speaks",
            True,
            ParameterDescriptor(
                description="The scene says by itself what to follow, until somebody else does."
            ),
        )
        self._player.play(scenes[first]())
        node.add_on_set_parameters_callback(self._change)

    def close(self) -> None:
        """End the scene."""
        self._player.close()

    def listen(self) -> None:
        """Fall silent for good when somebody else has spoken. Called now and then."""
        if self._camera.someone_speaks and self._speaks:
            self._node.set_parameters([Parameter("speaks", value=False)])

    def _show(self, shot: Shot) -> None:
        if self._node.context.ok():
            self._camera.show(shot, self._speaks and not self._camera.someone_speaks)

    def _change(self, parameters: Iterable[Parameter[Any]]) -> SetParametersResult:
        for parameter in parameters:
            if parameter.name == "speaks":
                self._speaks = bool(parameter.value)
                if self._speaks:
                    self._camera.someone_speaks = False
            elif parameter.name == "scene":
                name = str(parameter.value)
                # Only these: a path from the page would open any file of this machine.
                if name not in self._scenes:
                    known = ", ".join(self._scenes)
                    return SetParametersResult(
                        successful=False, reason=f"no scene is called {name[:40]!r}; choose one of {known}"
                    )
                try:
                    self._player.play(self._scenes[name]())
                except (SamwiseError, BagError) as error:
                    return SetParametersResult(successful=False, reason=str(error))
        return SetParametersResult(successful=True)


def run_scene(args: argparse.Namespace, for_ros: list[str]) -> None:
    """Show scenes until a signal comes.

    Args:
        args: of the command line.
        for_ros: arguments for ROS, from `--ros-args` on.

    Raises:
        SamwiseError: if the first scene cannot be opened, as with BagError.
        BagError: see above.
        ProcessError: if ROS does not start.
    """
    # The machine is shared with the model.
    cv2.setNumThreads(1)
    scenes, first = _scenes(args)
    with ros_node("scene", for_ros) as (node, stop):
        scene = SceneNode(node, scenes, first)
        executor = SingleThreadedExecutor()
        executor.add_node(node)
        try:
            while not stop.is_set():
                executor.spin_once(timeout_sec=SPIN_S)
                scene.listen()
        finally:
            scene.close()
            executor.shutdown()


def _scenes(args: argparse.Namespace) -> tuple[dict[str, Callable[[], Shots]], str]:
    """All scenes by name, and the one to begin with."""
    demo = Path(get_package_share_directory("samwise_ros"), "demo", "demo.mcap")
    scenes: dict[str, Callable[[], Shots]] = {
        "demo": lambda: recorded(demo, IMAGE_TOPIC),
        "world": lambda: world(args.seed),
        "webcam": lambda: camera(args.webcam),
    }
    if args.scene in scenes:
        return scenes, args.scene
    own = Path(args.scene)
    if own.suffix.lower() in BAGS or own.is_dir():
        scenes[own.name] = lambda: recorded(own, args.image_topic)
    else:
        scenes[own.name] = lambda: video(own)
    return scenes, own.name
