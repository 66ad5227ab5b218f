"""`lapwing intake address`: the addresses that tor made for the two onions, to publish and to hand out.

    lapwing intake address --state DIR [--keys FOLDER]

It also notes the visitors' address in the settings: the intake then knows who came by another name.
Exit codes: 0 done; 1 something is wrong; 2 usage.
"""

import sys
from dataclasses import replace
from pathlib import Path

from deploy.arguments import EXIT_FAILED, EXIT_USAGE, Arguments
from deploy.errors import OperatorError, told
from deploy.onion import KEYS, SERVICES, VISITORS, check_service
from submission import config as configuration
from submission.errors import SubmissionError


def address_main(arguments: list[str]) -> int:
    """Run `lapwing intake address`; return the exit code."""
    parser = Arguments(prog="lapwing intake address", description="The onions' addresses.", allow_abbrev=False)
    parser.add_argument("--state", type=Path, required=True, help="the intake's state folder")
    parser.add_argument("--keys", type=Path, default=KEYS, help=f"folder of the onion services (default {KEYS})")
    try:
        options = parser.parse_args(arguments)
    except SystemExit as stop:
        return EXIT_USAGE if stop.code else 0
    try:
        config = configuration.load(options.state)
        addresses = {service: check_service(options.keys / service) for service in SERVICES}
        configuration.save(replace(config, onion_address=addresses[VISITORS]))
    except (OperatorError, SubmissionError, OSError) as error:
        print(f"lapwing: {told(error)}", file=sys.stderr)
        return EXIT_FAILED
    for service, address in addresses.items():
        print(f"{service}: {address}")
    return 0
