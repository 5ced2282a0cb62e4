"""The wall: bubblewrap, namespaces, limits, and the fork server whose forks are the kernels."""
