"""`python -m tests.submission.other_day DAYS intake …`: Lapwing's command on a machine whose clock is wrong by days.

The intake asks its clock for the date alone (`submission.config.utc_today`), so that is what is changed, from outside.
"""

import sys
import time
from typing import Any

DAY = 86_400


def main() -> int:
    """Move the clock, and run the command."""
    days, true_gmtime = int(sys.argv.pop(1)), time.gmtime

    def gmtime(*given: Any) -> time.struct_time:
        return true_gmtime(*given) if given else true_gmtime(time.time() + days * DAY)

    time.gmtime = gmtime
    from deploy.cli import main as lapwing

    return lapwing(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
