"""What every tor of the private network is told. Nothing here may ever meet the public Tor network.

Ports are fixed: the namespace in which the suite runs has a loopback of its own, where nobody else listens.
"""

import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

AUTHORITIES: Final = 3
RELAYS: Final = 4
VOTING_SECONDS: Final = 10
"""The first votes come at a whole multiple of this; later ones half as often."""

COMMON: Final = f"""\
TestingTorNetwork 1
AssumeReachable 1
OutboundBindAddress 127.0.0.1
ExitRelay 0
ExitPolicy reject *:*
ServerDNSResolvConfFile {{folder}}/resolv.conf
DataDirectory {{folder}}
ControlSocket {{folder}}/control
Log notice file {{folder}}/log
SafeLogging 0
ShutdownWaitLength 0
DisableDebuggerAttachment 0
__OwningControllerProcess {{owner}}
TestingV3AuthInitialVotingInterval {VOTING_SECONDS}
TestingV3AuthInitialVoteDelay 2
TestingV3AuthInitialDistDelay 2
V3AuthVotingInterval {2 * VOTING_SECONDS}
V3AuthVoteDelay 2
V3AuthDistDelay 2
"""

RELAY: Final = """\
Nickname {name}
Address 127.0.0.1
ORPort 127.0.0.1:{or_port} IPv4Only
DirPort 127.0.0.1:{dir_port}
PublishServerDescriptor 1
SocksPort 0
"""

AUTHORITY: Final = """\
AuthoritativeDirectory 1
V3AuthoritativeDirectory 1
ContactInfo nobody@localhost
TestingDirAuthVoteGuard *
TestingDirAuthVoteHSDir *
TestingMinExitFlagThreshold 0
MinUptimeHidServDirectoryV2 0 minutes
"""


@dataclass(frozen=True)
class Relay:
    """One of those who carry the network.

    Attributes:
        folder: its data directory.
        number: counts from 0; the first are the authorities.
    """

    folder: Path
    number: int

    @property
    def name(self) -> str:
        """Its nickname."""
        return f"auth{self.number}" if self.is_authority else f"relay{self.number}"

    @property
    def is_authority(self) -> bool:
        """Whether it votes."""
        return self.number < AUTHORITIES

    @property
    def or_port(self) -> int:
        """Where it takes circuits."""
        return 5000 + self.number

    @property
    def dir_port(self) -> int:
        """Where it gives the directory."""
        return 7000 + self.number

    def torrc(self, owner: int, authorities: Sequence[str]) -> str:
        """Return its settings."""
        own = RELAY.format(name=self.name, or_port=self.or_port, dir_port=self.dir_port)
        return common(self.folder, owner, authorities) + own + (AUTHORITY if self.is_authority else "")


def common(folder: Path, owner: int, authorities: Sequence[str]) -> str:
    """Return what each tor is told, whatever it does.

    Args:
        folder: its data directory.
        owner: process id; tor ends when that process has.
        authorities: the `DirAuthority` lines.
    """
    return COMMON.format(folder=folder, owner=owner) + "".join(f"DirAuthority {line}\n" for line in authorities)


def prepare(folder: Path) -> Path:
    """Make a data directory with the empty files that keep tor away from the system's settings."""
    folder.mkdir(mode=0o700)
    (folder / "resolv.conf").touch()
    (folder / "defaults").touch()
    return folder


def certify(relay: Relay) -> str:
    """Make an authority's keys and return its `DirAuthority` line."""
    keys = relay.folder / "keys"
    keys.mkdir(mode=0o700)
    command = ["tor-gencert", "--create-identity-key", "-m", "2", "-a", f"127.0.0.1:{relay.dir_port}"]
    command += ["--passphrase-fd", "0"]
    subprocess.run(command, cwd=keys, input=b"private network\n", check=True, capture_output=True, timeout=60)
    certificate = (keys / "authority_certificate").read_text("ascii").splitlines()
    voter = next(line.split()[1] for line in certificate if line.startswith("fingerprint"))
    return f"{relay.name} orport={relay.or_port} v3ident={voter} 127.0.0.1:{relay.dir_port} {_relay_fingerprint(relay)}"


def _relay_fingerprint(relay: Relay) -> str:
    settings = relay.folder / "fingerprint.torrc"
    # tor names no fingerprint for a relay that is on a test network without authorities; for this line it is on none.
    settings.write_text(
        f"DataDirectory {relay.folder}\nNickname {relay.name}\nORPort 127.0.0.1:{relay.or_port}\nAddress 127.0.0.1\n"
    )
    command = ["tor", "-f", str(settings), "--defaults-torrc", str(relay.folder / "defaults"), "--quiet"]
    done = subprocess.run([*command, "--list-fingerprint"], check=True, capture_output=True, text=True, timeout=60)
    return "".join(done.stdout.split()[1:])
