"""Tests of language models and suggestions in the product."""
