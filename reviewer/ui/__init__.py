"""Windows, widgets and models; the only room that imports Qt."""
