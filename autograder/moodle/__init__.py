"""Marks and feedback back to Moodle: its own worksheet filled in, ZIPs of feedback files, a CSV for its gradebook."""
