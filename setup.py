"""Package samwise_ros for ament_python. The model in model/ is a pip project of its own and stays out."""

from glob import glob

from setuptools import find_packages, setup

PACKAGE = "samwise_ros"

setup(
    name=PACKAGE,
    version="0.1.0",
    packages=find_packages(include=[PACKAGE, f"{PACKAGE}.*"]),
    package_data={PACKAGE: ["py.typed"], f"{PACKAGE}.console": ["assets/*"]},
    data_files=[
        ("share/ament_index/resource_index/packages", [f"resource/{PACKAGE}"]),
        (f"share/{PACKAGE}", ["package.xml"]),
        (f"share/{PACKAGE}/launch", glob("launch/*.launch.py")),
        (f"share/{PACKAGE}/config", glob("config/*")),
        (f"share/{PACKAGE}/demo", glob("demo/*.mcap")),
    ],
    install_requires=["setuptools"],
    zip_safe=True,
    maintainer="samwise_ros maintainers",
    maintainer_email="maintainers@samwise-ros.example",
    description="Follows what a sentence names through a camera stream",
    license="Apache-2.0",
    entry_points={
        "console_scripts": [
            "segmenter = samwise_ros.segmenter:main",
            "play_bag = samwise_ros.bags.play:main",
            "record_bag = samwise_ros.bags.record:main",
            "repair_bag = samwise_ros.bags.repair:main",
            "world_to_bag = samwise_ros.bags.world_to_bag:main",
            "video_to_bag = samwise_ros.bags.video_to_bag:main",
            "listener = samwise_ros.listener.node:main",
            "demo = samwise_ros.demo.run:main",
            "console = samwise_ros.console.server:main",
            "scene = samwise_ros.console.scene.command:main",
            "live = samwise_ros.console.live:main",
        ],
    },
)
