import os
import signal
import threading

from samwise_ros.processes.stop_event import StopEvent, stop_on_signals


def test_a_signal_ends_a_wait_and_is_remembered() -> None:
    stop = StopEvent()
    previous = signal.signal(signal.SIGTERM, stop.on_signal)
    try:
        threading.Timer(0.05, os.kill, (os.getpid(), signal.SIGTERM)).start()
        assert stop.wait(60.0)
    finally:
        signal.signal(signal.SIGTERM, previous)
    assert stop.is_set()
    assert stop.number == signal.SIGTERM
    stop.close()


def test_signals_while_waiting_over_and_over_never_block() -> None:
    # With the lock of threading.Event this hangs within a few rounds.
    for _ in range(30):
        stop = StopEvent()
        previous = signal.signal(signal.SIGINT, stop.on_signal)
        try:
            threading.Timer(0.001, os.kill, (os.getpid(), signal.SIGINT)).start()
            while not stop.wait(0.0):
                pass
        finally:
            signal.signal(signal.SIGINT, previous)
        stop.close()


def test_what_the_parent_ignores_stays_ignored_unless_it_must_be_heard() -> None:
    previous = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with stop_on_signals() as stop:
            os.kill(os.getpid(), signal.SIGHUP)
            assert not stop.is_set()
        with stop_on_signals(even_if_ignored=[signal.SIGHUP]) as stop:
            os.kill(os.getpid(), signal.SIGHUP)
            assert stop.is_set()
        assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGHUP, previous)


def test_the_second_signal_is_no_more_than_the_first() -> None:
    with stop_on_signals() as stop:
        os.kill(os.getpid(), signal.SIGTERM)
        os.kill(os.getpid(), signal.SIGINT)
        assert stop.number == signal.SIGTERM
