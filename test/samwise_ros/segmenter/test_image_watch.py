from types import SimpleNamespace

from rclpy.qos import qos_profile_sensor_data

from samwise_ros.segmenter.image_watch import no_image_warning


def endpoint(topic_type: str = "sensor_msgs/msg/Image") -> SimpleNamespace:
    return SimpleNamespace(node_name="driver", topic_type=topic_type, qos_profile=qos_profile_sensor_data)


def test_nobody_publishes() -> None:
    line = no_image_warning("/front/image", 5.4, [])
    assert "no image for 5 s on /front/image; publishers: 0" in line
    assert "-r image:=" in line


def test_someone_publishes_something_else() -> None:
    line = no_image_warning("/image", 5.0, [endpoint("sensor_msgs/msg/CompressedImage")])
    assert "sensor_msgs/msg/CompressedImage" in line


def test_someone_publishes_images_that_do_not_arrive() -> None:
    line = no_image_warning("/image", 5.0, [endpoint()])
    assert "publishers: 1 (driver: BEST_EFFORT, VOLATILE)" in line
    assert "ros2 topic hz /image" in line
