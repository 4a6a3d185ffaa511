"""The workbook on a school's server: JupyterHub, told in one line of its ``jupyterhub_config.py`` what crc-lab needs.

JupyterHub itself is never imported: :func:`configurer` fills in its configuration, and what was set before is kept.
"""

from crc_lab_hub.settings import configurer

__all__ = ["configurer"]
