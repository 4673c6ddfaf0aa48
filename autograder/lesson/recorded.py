"""What more epochs bring: accuracies that `python -m bench.training` recorded."""

import json
from pathlib import Path
from typing import Any

RECORDED = Path(__file__).parent / "recorded_training.json"


def recorded_runs() -> dict[str, Any]:
    """Return the recorded runs by name: parameters, seed, curves, and accuracy with renewed statistics by epoch."""
    runs: dict[str, Any] = json.loads(RECORDED.read_text(encoding="utf-8"))
    return runs
