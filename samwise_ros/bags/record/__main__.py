"""`python -m samwise_ros.bags.record`."""

import sys

from samwise_ros.bags.record import main

if __name__ == "__main__":
    sys.exit(main())
