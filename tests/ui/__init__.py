"""The window, offscreen: real services over fakes, driven by keys and states."""
