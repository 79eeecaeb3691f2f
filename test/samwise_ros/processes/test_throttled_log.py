import pytest

from samwise_ros.processes.throttled_log import ThrottledLog


class Recorder:
    def __init__(self) -> None:
        self.lines: list[str] = []

    def warning(self, message: str) -> None:
        self.lines.append(message)

    error = warning


@pytest.fixture
def recorder() -> Recorder:
    return Recorder()


def test_the_same_text_with_other_numbers_comes_once_a_period_and_is_counted(recorder: Recorder) -> None:
    now = [0.0]
    log = ThrottledLog(recorder, period_s=10.0, clock=lambda: now[0])
    for size in range(5):
        log.warning(f"data holds {size} bytes")
    now[0] = 10.0
    log.warning("data holds 7 bytes")
    assert recorder.lines == [
        "data holds 0 bytes",
        "data holds 7 bytes [4 more of these since the last line]",
    ]


def test_a_flood_of_one_kind_does_not_hide_another(recorder: Recorder) -> None:
    log = ThrottledLog(recorder, clock=lambda: 0.0)
    log.warning("wrong step")
    log.warning("wrong step")
    log.error("unknown encoding")
    assert recorder.lines == ["wrong step", "unknown encoding"]


def test_invented_texts_do_not_fill_the_memory(recorder: Recorder) -> None:
    log = ThrottledLog(recorder, clock=lambda: 0.0)
    for letters in range(3 * ThrottledLog.CAPACITY):
        log.warning("encoding " + "x" * letters)
    assert len(log._last) == ThrottledLog.CAPACITY
