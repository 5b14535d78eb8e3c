"""Measured work: counts, and ratios within one run. Nothing here is a timed test."""
