"""Tests of the Sessions screen."""
