"""`python -m samwise_ros.bags.play`."""

import sys

from samwise_ros.bags.play import main

if __name__ == "__main__":
    sys.exit(main())
