"""The launch files, run for real. `launch` has no wheels on PyPI: it takes a ROS installation."""

from __future__ import annotations

import urllib.error
import urllib.request
import wave
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from ament_index_python.packages import PackageNotFoundError, get_package_share_path
from integration.segmenter_process import REPLY_S, START_S, Client
from ports import free_port

REASON = "launch, launch_ros and launch_pytest only come with a ROS installation"
launch_pytest = pytest.importorskip("launch_pytest", reason=REASON)
pytest.importorskip("launch_ros", reason=REASON)
try:
    SHARE = get_package_share_path("samwise_ros")
except PackageNotFoundError:
    pytest.skip("samwise_ros is not built: colcon build, source install/setup.bash", allow_module_level=True)

from launch import LaunchDescription  # noqa: E402
from launch.actions import (  # noqa: E402
    IncludeLaunchDescription,
    RegisterEventHandler,
    UnsetEnvironmentVariable,
)
from launch.event_handlers import OnProcessExit, OnProcessStart  # noqa: E402
from launch.launch_description_sources import (  # noqa: E402
    get_launch_description_from_python_launch_file,
)

from samwise_ros.bags.camera_recording import CameraRecording, frame_stamp  # noqa: E402
from samwise_ros.bags.message_types import standard_types  # noqa: E402
from samwise_ros.bags.reader import open_bag  # noqa: E402
from samwise_ros.bags.writer import BagWriter  # noqa: E402
from samwise_ros.listener.sound import RATE  # noqa: E402


class Processes:
    """What became of the processes of a launch file, by executable."""

    def __init__(self) -> None:
        self.commands: dict[str, list[str]] = {}
        self.environments: dict[str, dict[str, str]] = {}
        self.exit_codes: dict[str, int] = {}

    def description(self, launch_file: str, arguments: dict[str, Any]) -> LaunchDescription:
        """That launch file, observed."""
        included = IncludeLaunchDescription(
            str(SHARE / "launch" / launch_file),
            launch_arguments=[(name, str(value)) for name, value in arguments.items()],
        )
        return LaunchDescription(
            [
                # NiceGUI serves nothing where it finds itself tested.
                UnsetEnvironmentVariable("PYTEST_CURRENT_TEST"),
                RegisterEventHandler(OnProcessStart(on_start=self._started)),
                RegisterEventHandler(OnProcessExit(on_exit=self._ended)),
                included,
            ]
        )

    def _started(self, event: Any, context: Any) -> None:
        self.commands[_name(event)] = event.cmd
        variables = Path(f"/proc/{event.pid}/environ").read_text().split("\0")
        self.environments[_name(event)] = dict(v.partition("=")[::2] for v in variables)

    def _ended(self, event: Any, context: Any) -> None:
        self.exit_codes[_name(event)] = event.returncode


def _name(event: Any) -> str:
    return str(event.process_name).rsplit("-", 1)[0]


@pytest.fixture
def processes() -> Processes:
    return Processes()


@pytest.fixture
def bag(tmp_path: Path) -> Path:
    """Two seconds of noise at 10 Hz, recorded in 2001."""
    types = standard_types()
    generator = np.random.default_rng(0)
    with BagWriter(tmp_path / "noise.mcap", types) as writer:
        recording = CameraRecording(writer, types, image_topic="/front/image", image_format="raw")
        for index in range(20):
            pixels = generator.integers(0, 256, (48, 64, 3), np.uint8)
            recording.add_frame(frame_stamp(index, 10.0, 1_000_000_000 * 10**9), pixels)
    return tmp_path / "noise.mcap"


@pytest.mark.parametrize("path", sorted((SHARE / "launch").iterdir()), ids=lambda path: path.name)
def test_arguments_are_told(path: Path) -> None:
    """What `ros2 launch samwise_ros FILE --show-args` does."""
    arguments = get_launch_description_from_python_launch_file(str(path)).get_launch_arguments()
    assert arguments
    assert all(argument.description for argument in arguments)


@launch_pytest.fixture
def camera(processes: Processes, ros: None, seeded_checkpoint: Path, tmp_path: Path) -> LaunchDescription:
    (tmp_path / "own.yaml").write_text("/**:\n  ros__parameters: {mask_threshold: 0.25, device: nowhere}\n")
    return processes.description(
        "camera.launch.py",
        {
            "image": "/front/image",
            "namespace": "front",
            "expression": "the red car",
            "checkpoint": seeded_checkpoint,
            "device": "cpu",
            "params_file": tmp_path / "own.yaml",
        },
    )


@pytest.mark.launch(fixture=camera)
def test_camera(processes: Processes) -> Iterator[None]:
    client = Client(namespace="front")
    try:
        client.wait_until_active()
        _, state = client.ask()
        assert state.expression == "the red car"
        assert client.get_parameter("mask_threshold") == 0.25, "from the file"
        assert client.get_parameter("device") == "cpu", "the argument goes before the file"
    finally:
        client.close()
    profiles = [v for k, v in processes.environments["segmenter"].items() if k.endswith("_PROFILES_FILE")]
    assert [Path(profile).name for profile in profiles] == ["fastdds.xml"]
    yield
    assert processes.exit_codes == {"segmenter": 0}


@launch_pytest.fixture
def recording(processes: Processes, ros: None, seeded_checkpoint: Path, bag: Path) -> LaunchDescription:
    return processes.description(
        "bag.launch.py",
        {"bag": bag, "image": "/front/image", "expression": "the dog", "checkpoint": seeded_checkpoint},
    )


@pytest.mark.launch(fixture=recording)
def test_bag(processes: Processes) -> Iterator[None]:
    client = Client()
    try:
        client.wait_until(
            lambda: processes.exit_codes.keys() >= {"segmenter", "play_bag"}, "the end", START_S
        )
        assert {state.expression for state in client.states} == {"the dog"}
        assert {state.header.stamp.sec for state in client.states} <= {10**9, 10**9 + 1}
        assert all(state.latency.sec < 60 for state in client.states), "in the time of the recording"
    finally:
        client.close()
    yield
    assert processes.exit_codes == {"segmenter": 0, "play_bag": 0}


@launch_pytest.fixture
def demo(processes: Processes, ros: None, seeded_checkpoint: Path, tmp_path: Path) -> LaunchDescription:
    return processes.description(
        "demo.launch.py",
        {
            "checkpoint": seeded_checkpoint,
            "record": tmp_path / "recorded.mcap",
            "play_args": "--duration 3",
        },
    )


@pytest.mark.launch(fixture=demo)
def test_demo(processes: Processes, tmp_path: Path) -> Iterator[None]:
    client = Client()
    try:
        everyone = {"segmenter", "play_bag", "record_bag"}
        client.wait_until(lambda: processes.exit_codes.keys() >= everyone, "the end", START_S)
    finally:
        client.close()
    yield
    assert set(processes.exit_codes.values()) == {0}
    with open_bag(tmp_path / "recorded.mcap") as recorded:
        counts = {connection.topic: connection.msgcount for connection in recorded.connections}
    assert counts["/segmenter/mask"] == counts["/segmenter/target"] > 0


@launch_pytest.fixture
def console(processes: Processes, ros: None, tmp_path: Path) -> LaunchDescription:
    return processes.description(
        "console.launch.py",
        {
            "node": "/front/segmenter",
            "listener": "/front/listener",
            "port": free_port(),
            "recordings": tmp_path,
        },
    )


@pytest.mark.launch(fixture=console)
def test_console(processes: Processes, tmp_path: Path) -> Iterator[None]:
    client = Client()
    try:
        client.wait_until(lambda: processes.commands, "the console to start", START_S)
        command = processes.commands["console"]
        given = dict(zip(command[1::2], command[2::2], strict=False))
        assert given["--node"] == "/front/segmenter"
        assert given["--recordings"] == str(tmp_path)
        address = f"http://{given['--host']}:{given['--port']}/"
        client.wait_until(lambda: answers(address), f"the page at {address}", START_S)
        heard = "/front/listener/heard"
        client.wait_until(lambda: client.node.count_subscribers(heard), f"the console to listen to {heard}")
    finally:
        client.close()
    yield
    assert processes.exit_codes == {"console": 0}


def answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=REPLY_S) as reply:
            return reply.status == 200
    except urllib.error.URLError:  # not yet
        return False


#: Some of them look like numbers and truth values, which they must not become on the way.
LISTENER = {
    "source": "file",
    "device": "1",
    "cutting": "voice",
    "wake_word": "on",
    "target_node": "/front/segmenter",
}


@launch_pytest.fixture
def listener(processes: Processes, ros: None, tmp_path: Path) -> LaunchDescription:
    pytest.importorskip("pocketsphinx", reason="pocketsphinx is not installed: requirements/speech.txt")
    pytest.importorskip("soxr", reason="soxr is not installed: requirements/speech.txt")
    with wave.open(str(tmp_path / "silence.wav"), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(bytes(2 * RATE))
    return processes.description(
        "listener.launch.py", {**LISTENER, "file": tmp_path / "silence.wav", "namespace": "front"}
    )


@pytest.mark.launch(fixture=listener)
def test_listener(processes: Processes, tmp_path: Path) -> Iterator[None]:
    client = Client(namespace="front")
    try:
        for name, value in {**LISTENER, "file": str(tmp_path / "silence.wav")}.items():
            assert client.get_parameter(name, "listener") == value
    finally:
        client.close()
    yield
    assert processes.exit_codes == {"listener": 0}
