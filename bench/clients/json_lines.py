"""Commands and answers as lines of JSON."""

import json
import sys


def serve_commands(commands):
    """Calls the method that each line on stdin names, and writes its answer on stdout, until stdin ends."""
    for line in sys.stdin:
        command = json.loads(line)
        try:
            answer = getattr(commands, command.pop("do"))(**command) or {}
        except Exception as error:  # the parent is to see whatever it is
            answer = {"failed": repr(error)}
        print(json.dumps(answer), flush=True)
