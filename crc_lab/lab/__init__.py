"""JupyterLab around the notebooks: « ouvrir », its server and settings, the plugin that keeps the answers."""
