"""Measurements that this repository quotes: `python -m benchmarks NAME`."""
