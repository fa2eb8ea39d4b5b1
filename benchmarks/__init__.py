"""Speed, size and faults: figures of this machine, as ratios within one run. Never part of the tests' verdict."""
