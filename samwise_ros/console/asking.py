"""Calls services of ROS from asyncio."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from samwise_ros.console.errors import Refused

if TYPE_CHECKING:
    from rclpy.client import Client
    from rclpy.task import Future

PATIENCE_S = 10.0


async def ask(client: Client[Any, Any], request: Any, patience_s: float = PATIENCE_S) -> Any:
    """Call a service whose node is spun by another thread, and return the response.

    Raises:
        Refused: if nobody offers the service, or no answer comes in time.
    """
    if not client.service_is_ready():
        raise Refused(f"nobody offers {client.srv_name}: the node is not there")
    loop = asyncio.get_running_loop()
    answered: asyncio.Future[Any] = loop.create_future()

    def pass_on(future: Future[Any]) -> None:
        if not future.cancelled():
            loop.call_soon_threadsafe(_settle, answered, future)

    future = client.call_async(request)
    future.add_done_callback(pass_on)
    try:
        return await asyncio.wait_for(answered, patience_s)
    except (asyncio.TimeoutError, TimeoutError):
        client.remove_pending_request(future)
        raise Refused(
            f"{client.srv_name} gave no answer in {patience_s:.0f} s: the node is busy, or it was killed"
        ) from None


def _settle(answered: asyncio.Future[Any], future: Future[Any]) -> None:
    if answered.done():
        return
    if (error := future.exception()) is not None:
        answered.set_exception(Refused(str(error)))
    else:
        answered.set_result(future.result())
