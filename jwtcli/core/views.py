"""The two views of a result, as text and as JSON, each loaded when it is first asked for: a run shows one."""

from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jwtcli.core import as_json, as_text

__all__ = ["as_json", "as_text"]


def __getattr__(name: str) -> ModuleType:
    if name not in __all__:
        raise AttributeError(name)
    return import_module(f"jwtcli.core.{name}")
