"""Reads, through the person."""
