"""Panels about how things stand: health in words, numbers, plots, the node's last words."""

from __future__ import annotations

from diagnostic_msgs.msg import DiagnosticStatus
from nicegui import ui
from rcl_interfaces.msg import Log

from samwise_ros.console.health import Level
from samwise_ros.console.page.parts import Console, panel
from samwise_ros.console.series import Series

LINES = 8
INK, LINE, MUTED = "#eef1f6", "#2d3541", "#aab3c2"
COLOURS = {"blue": "#56b4e9", "orange": "#e69f00", "green": "#4fc79a"}


class HealthPanel:
    """One sentence on what matters most, and what the node tells in diagnostics."""

    def __init__(self, console: Console) -> None:
        self._watch = console.watch
        self._diagnostics: dict[str, ui.label] = {}
        with panel("How it stands") as self._panel:
            self._panel.classes("health")
            with ui.element("div").classes("line").props("role=status"):
                self._level = ui.label().classes("badge")
                self._text = ui.label().classes("said").style("flex: 1 1 12rem").props("data-name=health")
            self._more = ui.element("div").classes("log")

    def update(self) -> None:
        """Take over what is known now."""
        word = self._watch.health()
        self._panel.props(f"data-level={word.level.name}")
        self._level.props(f"data-level={word.level.name}")
        self._level.set_text(word.level.name)
        self._text.set_text(word.text)
        for name, status in self._watch.diagnostics.items():
            if name not in self._diagnostics:
                with self._more:
                    self._diagnostics[name] = ui.label()
            label = self._diagnostics[name]
            level = level_of(status)
            label.set_text(f"{level.name}  {name}: {status.message}")
            label.props(f"data-level={level.name}")


class NumbersPanel:
    """Counters and rates."""

    NAMES = ("images in", "masks out", "without a mask", "latency", "computing", "IoU with truth")

    def __init__(self, console: Console) -> None:
        self._watch = console.watch
        with panel("Numbers"), ui.element("dl").classes("numbers"):
            self._values = {}
            for name in self.NAMES:
                with ui.element("div") as cell:
                    with ui.element("dt"):
                        ui.label(name)
                    with ui.element("dd"):
                        self._values[name] = (cell, ui.label().props(f"data-name={name.replace(' ', '-')}"))

    def update(self) -> None:
        """Take over what is known now."""
        watch, target = self._watch, self._watch.target
        iou = watch.overlap.last()
        values = {
            "images in": f"{watch.images.total:,}",
            "masks out": f"{watch.masks.total:,}",
            "without a mask": f"{watch.passed_over:,}",
            "latency": f"{1000 * target.latency_s:.0f} ms" if target else "",
            "computing": f"{1000 * target.computing_s:.0f} ms" if target else "",
            "IoU with truth": f"{iou:.2f}" if iou is not None else "",
        }
        for name, value in values.items():
            cell, label = self._values[name]
            label.set_text(value)
            # What nobody tells is not shown: a camera knows no truth.
            cell.set_visibility(bool(value))


class PlotsPanel:
    """The last minute of latency, score, IoU and switches."""

    def __init__(self, console: Console) -> None:
        watch = console.watch
        with panel("The last minute"):
            self._plots = [
                Plot("Latency of the node, ms", [("latency", watch.latency, "blue", "line")], None),
                Plot(
                    "Score, IoU, switches, 0 to 1",
                    [
                        ("score", watch.score, "orange", "line"),
                        ("IoU", watch.overlap, "green", "line"),
                        ("switch", watch.switches, "blue", "scatter"),
                    ],
                    1.0,
                ),
            ]

    def update(self) -> None:
        """Take over what is known now."""
        for plot in self._plots:
            plot.update()


class Plot:
    """A small plot over time.

    Args:
        title: with the unit.
        series: (name, values, colour, ECharts' kind).
        top: highest value; None: as high as needed.
    """

    #: Symbols and dashes, so that colour is not all that tells lines apart.
    DASHES = ("solid", "dashed", "solid")

    def __init__(self, title: str, series: list[tuple[str, Series, str, str]], top: float | None) -> None:
        self._series = series
        axis = {"axisLabel": {"color": MUTED, "fontSize": 10}, "splitLine": {"lineStyle": {"color": LINE}}}
        ui.label(title).classes("muted")
        self._chart = ui.echart(
            {
                "animation": False,
                "grid": {"left": 34, "right": 8, "top": 18 if len(series) > 1 else 6, "bottom": 18},
                "legend": {
                    "show": len(series) > 1,
                    "top": -4,
                    "itemHeight": 8,
                    "textStyle": {"color": INK, "fontSize": 10},
                },
                "xAxis": {"type": "value", "min": -60, "max": 0, "interval": 20, **axis},
                "yAxis": {
                    "type": "value",
                    "min": 0,
                    "splitNumber": 2,
                    **({"max": top} if top else {}),
                    **axis,
                },
                "series": [
                    {
                        "name": name,
                        "type": kind,
                        "showSymbol": False,
                        "symbol": "diamond",
                        "symbolSize": 9,
                        "data": [],
                        "color": COLOURS[colour],
                        "lineStyle": {"width": 1.6, "type": dash},
                    }
                    for (name, _, colour, kind), dash in zip(series, self.DASHES, strict=False)
                ],
            }
        )
        self._chart.classes("plot").props(f'role=img aria-label="{title}"')

    def update(self) -> None:
        """Take over what is known now."""
        fresh = [values.points() for _, values, _, _ in self._series]
        for series, points in zip(self._chart.options["series"], fresh, strict=True):
            series["data"] = points
        self._chart.update()


class WordsPanel:
    """What the node has logged lately."""

    def __init__(self, console: Console) -> None:
        self._watch = console.watch
        self._shown: list[object] = []
        with panel("Its last words"):
            self._log = (
                ui.element("div").classes("log").props('tabindex=0 role=log aria-label="Log of the node"')
            )

    def update(self) -> None:
        """Take over what is known now."""
        lines = self._watch.lines[-LINES:]
        if lines == self._shown:
            return
        self._shown = list(lines)
        self._log.clear()
        with self._log:
            for line in reversed(lines):
                name = "ERROR" if line.level >= Log.ERROR else "WARN" if line.level >= Log.WARN else "INFO"
                ui.label(f"{name.lower()}: {line.text}").props(f"data-level={name}")


def level_of(status: DiagnosticStatus) -> Level:
    """Return the level of a diagnostic status, which is a byte in ROS."""
    level = status.level
    number = level[0] if isinstance(level, bytes) else int(level)
    return Level(min(max(number, 0), 3))
