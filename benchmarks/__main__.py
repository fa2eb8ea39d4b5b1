"""`python -m benchmarks`: speed, size and idle cost, then the kill test, one JSON object each."""

from __future__ import annotations

import json

from benchmarks import idle, inbox, kill, million, throughput

if __name__ == "__main__":
    print(json.dumps({"throughput": throughput.measure(10_000)}), flush=True)
    print(json.dumps({"inbox": inbox.measure(20_000)}), flush=True)
    print(json.dumps({"idle": idle.measure(9, 60)}), flush=True)
    print(json.dumps({"million": million.measure(1_000_000)}), flush=True)
    kill.main()
