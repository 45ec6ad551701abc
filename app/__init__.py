"""Hardop: the server on which the people of an organisation work out loud."""

import os

# pgqueuer reads its settings once per process, when it is first imported; nothing of ours imports
# it earlier than this.
os.environ.setdefault("PGQUEUER_SCHEMA", "jobs")
