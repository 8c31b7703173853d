"""The heartbeat as a metric: one line in the log, which CloudWatch counts; no call is made for it."""

from __future__ import annotations

import json
import os
from datetime import datetime

NAMESPACE = "hikeshi"
METRIC = "Heartbeat"
DIMENSION = "FunctionName"


def emit(at: datetime) -> None:
    """Write one heartbeat of the running function in CloudWatch's embedded metric format."""
    described = {
        "Namespace": NAMESPACE,
        "Dimensions": [[DIMENSION]],
        "Metrics": [{"Name": METRIC, "Unit": "Count"}],
    }
    line = {
        "_aws": {"Timestamp": int(at.timestamp() * 1000), "CloudWatchMetrics": [described]},
        DIMENSION: os.environ.get("AWS_LAMBDA_FUNCTION_NAME", "local"),
        METRIC: 1,
    }
    print(json.dumps(line), flush=True)
