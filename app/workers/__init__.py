"""What happens after commit: jobs run by `hardop worker`, each of which may run twice."""

from app.workers.runner import run as run
from app.workers.runner import work as work
