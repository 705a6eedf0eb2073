"""What the program says about itself: a closed set of events, and nothing else.

The only log there is. No text, name, path, hash or message can get into it, because
no event has a field that could hold one (security.md 3.7, Logs).
"""
