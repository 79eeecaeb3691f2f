"""Reads and sets the parameters of one node, for all browsers together."""

from __future__ import annotations

import asyncio
import time
from typing import Any

from rcl_interfaces.msg import ParameterDescriptor
from rcl_interfaces.srv import DescribeParameters, GetParameters, ListParameters, SetParameters
from rclpy.node import Node
from rclpy.parameter import Parameter

from samwise_ros.console.asking import ask
from samwise_ros.console.errors import Refused
from samwise_ros.console.knobs import Knob, knobs_of, typed

#: How old values may be: ten browsers ask the node no more often than one.
FRESH_S = 2.0


class ParameterLink:
    """What can be turned at a node. For the thread that runs asyncio.

    Args:
        node: to ask with, spun by another thread.
        target: full name of the other node.
    """

    def __init__(self, node: Node, target: str) -> None:
        self._list: Any = node.create_client(ListParameters, f"{target}/list_parameters")
        self._describe: Any = node.create_client(DescribeParameters, f"{target}/describe_parameters")
        self._get: Any = node.create_client(GetParameters, f"{target}/get_parameters")
        self._set: Any = node.create_client(SetParameters, f"{target}/set_parameters")
        self._asking = asyncio.Lock()
        self._knobs: list[Knob] = []
        self._asked = float("-inf")

    @property
    def there(self) -> bool:
        """Whether somebody offers these services."""
        return bool(self._set.service_is_ready() and self._describe.service_is_ready())

    async def knobs(self) -> list[Knob]:
        """Return what can be turned, with values that are no older than FRESH_S.

        Raises:
            Refused: if the node does not answer.
        """
        async with self._asking:
            if time.monotonic() - self._asked > FRESH_S:
                self._knobs = await self._ask()
                self._asked = time.monotonic()
            return self._knobs

    async def turn(self, knob: Knob, value: float | bool | str) -> None:
        """Set a parameter.

        Raises:
            Refused: if the node does not answer, or refuses; the text is its own.
        """
        parameter = Parameter(knob.name, value=typed(knob, value))
        try:
            response = await ask(self._set, SetParameters.Request(parameters=[parameter.to_parameter_msg()]))
        finally:
            self._asked = float("-inf")
        if not response.results[0].successful:
            raise Refused(f"{knob.name} stays as it is: {response.results[0].reason}")

    async def _ask(self) -> list[Knob]:
        names = list((await ask(self._list, ListParameters.Request())).result.names)
        described: list[ParameterDescriptor]
        described = (await ask(self._describe, DescribeParameters.Request(names=names))).descriptors
        values = (await ask(self._get, GetParameters.Request(names=names))).values
        return knobs_of(described, values)
