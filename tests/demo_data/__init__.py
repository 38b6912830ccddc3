"""Tests of demo_data."""
