"""The child's own confinement: Landlock, seccomp, limits."""
