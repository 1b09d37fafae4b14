"""Notebooks run, and made into pages of the documentation site.

The notebooks are committed without outputs. They run in a kernel of this Python over Unix sockets,
in an empty folder, and a connection to any other address is an error. `site_hooks.py` shows the
outputs; nothing of them is committed.
"""

from __future__ import annotations

import asyncio
import base64
import re
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import nbformat
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient

from rangemap.views.markdown import escaped

FOLDER: Final = Path(__file__).with_name("notebooks")
NOTEBOOKS: Final = tuple(sorted(FOLDER.glob("*.ipynb")))
TIMEOUT_S: Final = 120

_OFFLINE: Final = """
def _refuse(event, arguments):
    if event == "socket.connect" and not isinstance(arguments[1], (str, bytes)):
        raise RuntimeError("notebooks do not use the network")
    if event == "socket.getaddrinfo":
        raise RuntimeError("notebooks do not use the network")
import sys
sys.addaudithook(_refuse)
"""
"""Run in the kernel first. A hook cannot be taken away again."""


class _Kernel(AsyncKernelManager):
    """A kernel of this Python, whatever kernels a machine has, that cannot go online."""

    def format_kernel_cmd(self, extra_arguments: list[str] | None = None) -> list[str]:
        """Return the command that starts it."""
        return [
            sys.executable, "-Xfrozen_modules=off", "-m", "ipykernel_launcher", "-f",
            self.connection_file, f"--IPKernelApp.exec_lines={[_OFFLINE]!r}",
            "--HistoryManager.enabled=False", *(extra_arguments or []),
        ]  # fmt: skip


@dataclass
class Made:
    """A page, and the pictures on it by their paths in the site."""

    text: str
    files: dict[str, bytes] = field(default_factory=dict)


def executed(path: Path, folder: Path | None = None) -> nbformat.NotebookNode:
    """Return a notebook with its outputs.

    Parameters
    ----------
    path : pathlib.Path
        The notebook.
    folder : pathlib.Path, optional
        Where it runs; by default an empty folder that is removed afterwards.

    Raises
    ------
    nbclient.exceptions.CellExecutionError
        If a cell fails.
    """
    notebook = nbformat.read(path, as_version=4)
    with (
        tempfile.TemporaryDirectory() as empty,
        tempfile.TemporaryDirectory(prefix="nb") as sockets,
    ):
        kernel = _Kernel(transport="ipc", ip=f"{sockets}/k")
        client = NotebookClient(
            notebook, km=kernel, timeout=TIMEOUT_S, shutdown_kernel="immediate",
            resources={"metadata": {"path": str(folder or empty)}},
        )  # fmt: skip
        asyncio.run(client.async_execute(cleanup_kc=True))
    return notebook


def page(path: Path, *, run: bool = True) -> Made:
    """Return a notebook as a page of the site.

    Parameters
    ----------
    path : pathlib.Path
        The notebook.
    run : bool, default True
        Run it and show what it gives.
    """
    notebook = executed(path) if run else nbformat.read(path, as_version=4)
    made = Made("")
    parts = []
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            parts.append(cell.source)
        else:
            parts.append(f"```python\n{cell.source}\n```")
            parts += [_output(one, f"{path.stem}-{cell.id}", made) for one in cell.outputs]
    parts.append(f"[This notebook as a file]({path.name}), without outputs: run it with Jupyter.")
    made.text = "\n\n".join(part for part in parts if part) + "\n"
    return made


def _output(output: Any, stem: str, made: Made) -> str:
    if output.output_type == "stream":
        return f"```text\n{output.text.rstrip()}\n```"
    data = output.data
    if "image/png" in data:
        name = f"{stem}-{len(made.files) + 1}.png"
        made.files[f"notebooks/{name}"] = base64.b64decode(data["image/png"])
        alt = output.metadata.get("image/png", {}).get("alt", "")
        return f"![{escaped(alt)}]({name})"
    if "text/markdown" in data:
        return str(data["text/markdown"])
    if "text/html" in data:
        return f'<div class="frame">{_plain_table(data["text/html"])}</div>'
    return f"```text\n{data['text/plain']}\n```" if "text/plain" in data else ""


def _plain_table(text: str) -> str:
    """Leave out the style that pandas puts before a table, and lines that Markdown would end at."""
    text = re.sub(r"<style.*?</style>", "", text, flags=re.S)
    return re.sub(r"\n\s*", "", re.sub(r' (border|style|class)="[^"]*"', "", text))
