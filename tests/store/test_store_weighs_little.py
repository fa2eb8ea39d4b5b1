"""A database is made without numpy, which a service without a model never needs."""

from __future__ import annotations

import subprocess
import sys

SCRIPT = """
import asyncio, sys
from bot.testing import memory_store

async def main():
    async with memory_store():
        pass

asyncio.run(main())
print("sqlite_utils" in sys.modules, "numpy" in sys.modules)
import numpy
print(numpy.__name__)
"""


def test_a_new_database_needs_no_numpy_and_leaves_it_to_others() -> None:
    ran = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True)

    assert ran.stdout.split() == ["True", "False", "numpy"]
