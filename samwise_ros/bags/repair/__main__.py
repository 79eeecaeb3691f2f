"""`python -m samwise_ros.bags.repair`."""

import sys

from samwise_ros.bags.repair import main

if __name__ == "__main__":
    sys.exit(main())
