"""`python -m samwise_ros.segmenter`."""

import sys

from samwise_ros.segmenter import main

if __name__ == "__main__":
    sys.exit(main())
