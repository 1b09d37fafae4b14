"""A small client of Chromium's DevTools protocol over a pipe: no driver, no socket, no package.

Chromium reads commands from file descriptor 3 and writes answers and events to 4, each a JSON
text that ends in a NUL.
"""

from __future__ import annotations

import base64
import fcntl
import json
import os
import select
import shutil
import subprocess
import tempfile
import time
from collections import deque
from pathlib import Path
from typing import Any

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-default-apps",
    "--disable-dev-shm-usage",
    "--disable-extensions",
    "--no-first-run",
    "--no-default-browser-check",
    "--hide-scrollbars",
    "--force-device-scale-factor=1",
    "--remote-debugging-pipe",
)
PATIENCE_S = 30.0


class ChromiumError(Exception):
    """Chromium is missing, died, was silent for too long, or a script in the page failed."""


def find_chromium() -> str:
    """Return the path of a Chromium on PATH."""
    for name in NAMES:
        found = shutil.which(name)
        if found:
            return found
    raise ChromiumError(
        f"no Chromium on PATH (looked for {', '.join(NAMES)}): the browser tests open real pages; "
        "on Debian run 'apt-get install chromium'"
    )


class Chromium:
    """A running Chromium; `page` opens pages in it."""

    def __init__(self) -> None:
        self._profile = tempfile.mkdtemp(prefix="rangemap-chromium-")
        to_read, self._write = os.pipe()
        self._read, to_write = os.pipe()
        # High numbers, so that the shell's two redirections cannot overwrite each other.
        child = [fcntl.fcntl(fd, fcntl.F_DUPFD, 20) for fd in (to_read, to_write)]
        command = [find_chromium(), *FLAGS, f"--user-data-dir={self._profile}", "about:blank"]
        self._process = subprocess.Popen(
            [
                "/bin/sh",
                "-c",
                f'exec "$@" 3</dev/fd/{child[0]} 4>/dev/fd/{child[1]}',
                "sh",
                *command,
            ],
            pass_fds=child,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for fd in (to_read, to_write, *child):
            os.close(fd)
        self._rest = b""
        self._next = 0
        self._ready: deque[dict[str, Any]] = deque()
        self.events: list[dict[str, Any]] = []

    def close(self) -> None:
        """Stop it and remove its profile."""
        try:
            self.call("Browser.close")
            self._process.wait(10)
        except (ChromiumError, OSError, subprocess.TimeoutExpired):
            self._process.kill()
            self._process.wait()
        os.close(self._read)
        os.close(self._write)
        shutil.rmtree(self._profile, ignore_errors=True)

    def call(self, method: str, session: str | None = None, **params: Any) -> dict[str, Any]:
        """Send a command and return its result; events that come meanwhile are kept."""
        self._next += 1
        message: dict[str, Any] = {"id": self._next, "method": method, "params": params}
        if session:
            message["sessionId"] = session
        os.write(self._write, json.dumps(message).encode() + b"\0")
        end = time.monotonic() + PATIENCE_S
        while True:
            answer = self._message(end - time.monotonic())
            if answer is None:
                raise ChromiumError(f"{method}: no answer in {PATIENCE_S:g} s")
            if answer.get("id") != self._next:
                self.events.append(answer)
                continue
            if "error" in answer:
                raise ChromiumError(f"{method}: {answer['error']['message']}")
            result: dict[str, Any] = answer["result"]
            return result

    def listen(self, seconds: float) -> None:
        """Keep the events of a while."""
        end = time.monotonic() + seconds
        while (event := self._message(end - time.monotonic())) is not None:
            self.events.append(event)

    def _message(self, seconds: float) -> dict[str, Any] | None:
        end = time.monotonic() + seconds
        while not self._ready:
            left = max(0.0, end - time.monotonic())
            if not select.select([self._read], [], [], left)[0]:
                return None
            chunk = os.read(self._read, 1 << 20)
            if not chunk:
                raise ChromiumError("Chromium ended by itself")
            *whole, self._rest = (self._rest + chunk).split(b"\0")
            self._ready.extend(json.loads(text) for text in whole)
        return self._ready.popleft()

    def page(self, width: int = 1280, height: int = 800, *, mobile: bool = False) -> Page:
        """Open an empty page of a size in CSS pixels."""
        return Page(self, width, height, mobile=mobile)


class Page:
    """One tab, with all that it asked for and all that it said."""

    def __init__(self, browser: Chromium, width: int, height: int, *, mobile: bool) -> None:
        self.browser = browser
        self.target = browser.call("Target.createTarget", url="about:blank")["targetId"]
        attached = browser.call("Target.attachToTarget", targetId=self.target, flatten=True)
        self.session: str = attached["sessionId"]
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.call(f"{domain}.enable")
        self.call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=mobile,
        )

    def call(self, method: str, **params: Any) -> dict[str, Any]:
        """Send a command to this page."""
        return self.browser.call(method, self.session, **params)

    def close(self) -> None:
        """Close the tab."""
        self.browser.call("Target.closeTarget", targetId=self.target)

    def open(self, path: Path, ready: str = "document.readyState === 'complete'") -> None:
        """Open a file and wait until a condition holds in it."""
        self.call("Page.navigate", url=path.resolve().as_uri())
        self.wait(f"location.protocol === 'file:' && document.documentElement && ({ready})")

    def wait(self, condition: str, seconds: float = 20.0) -> None:
        """Wait until an expression is true."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if self.run(f"!!({condition})"):
                return
            self.browser.listen(0.05)
        raise ChromiumError(f"still false after {seconds:g} s: {condition}; {self.said()}")

    def run(self, expression: str) -> Any:
        """Return the value of a JavaScript expression; a promise is awaited."""
        answer = self.call(
            "Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True
        )
        if "exceptionDetails" in answer:
            details = answer["exceptionDetails"]
            raise ChromiumError(details.get("exception", {}).get("description", details["text"]))
        return answer["result"].get("value")

    def key(self, name: str, code: str | None = None) -> None:
        """Press and release a key."""
        values: dict[str, Any] = {"key": name, "code": code or name}
        codes = {"Tab": 9, "Enter": 13, "Escape": 27, " ": 32}
        if name in codes:
            values["windowsVirtualKeyCode"] = codes[name]
        text = {"Enter": "\r", " ": " "}.get(name)
        down = {"type": "keyDown", **values} | ({"text": text} if text else {})
        self.call("Input.dispatchKeyEvent", **down)
        self.call("Input.dispatchKeyEvent", type="keyUp", **values)

    def screenshot(self, path: Path) -> None:
        """Write what is on the screen as PNG."""
        data = self.call("Page.captureScreenshot", format="png")["data"]
        path.write_bytes(base64.b64decode(data))

    def _events(self, method: str) -> list[dict[str, Any]]:
        return [
            event["params"]
            for event in self.browser.events
            if event.get("method") == method and event.get("sessionId") == self.session
        ]

    def requests(self) -> list[str]:
        """Return every address that the page asked for, except data held in the page itself."""
        asked = [event["request"]["url"] for event in self._events("Network.requestWillBeSent")]
        return [url for url in asked if not url.startswith("data:") and url != "about:blank"]

    def said(self) -> list[str]:
        """Return errors, warnings and console messages of the page."""
        lines = [
            event["exceptionDetails"].get("exception", {}).get("description", "exception")
            for event in self._events("Runtime.exceptionThrown")
        ]
        lines += [str(event["args"]) for event in self._events("Runtime.consoleAPICalled")]
        lines += [event["entry"]["text"] for event in self._events("Log.entryAdded")]
        return lines
