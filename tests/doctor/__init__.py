"""What `yema doctor` says."""
