"""Tor Browser's preferences, for the Firefox that stands in for it.

From its 000-tor-browser.js and 001-base-profile.js, and for the levels from SecurityLevel.sys.mjs. NoScript, which Tor
Browser carries, is in neither Debian nor this profile: that it forbids scripts, fonts and media at Safest is imitated.
"""

from collections.abc import Mapping
from enum import Enum
from typing import Final, TypeAlias

Preferences: TypeAlias = Mapping[str, bool | int | str]


class Level(Enum):
    """Tor Browser's security levels."""

    STANDARD = "standard"
    SAFER = "safer"
    SAFEST = "safest"


ALWAYS: Final[Preferences] = {
    # All through tor, names too.
    "network.proxy.type": 1,
    "network.proxy.socks": "127.0.0.1",
    "network.proxy.socks_version": 5,
    "network.proxy.socks_remote_dns": True,
    "network.proxy.no_proxies_on": "",
    "network.proxy.allow_hijacking_localhost": True,
    "network.proxy.failover_direct": False,
    "network.dns.disabled": True,
    "network.dns.disablePrefetch": True,
    "network.dns.blockDotOnion": False,
    "network.predictor.enabled": False,
    "network.prefetch-next": False,
    "network.http.speculative-parallel-limit": 0,
    "network.http.max-persistent-connections-per-proxy": 256,
    "network.http.connection-retry-timeout": 0,
    "network.http.referer.hideOnionSource": True,
    "network.manage-offline-status": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "media.peerconnection.enabled": False,
    "media.navigator.enabled": False,
    # Looks like everybody else.
    "privacy.firstparty.isolate": True,
    "privacy.resistFingerprinting": True,
    "privacy.resistFingerprinting.letterboxing": True,
    "privacy.spoof_english": 2,
    "webgl.enable-webgl2": False,
    "dom.webaudio.enabled": False,
    "dom.enable_resource_timing": False,
    "dom.serviceWorkers.enabled": False,
    "dom.push.enabled": False,
    # An onion is a secure context, as if it were https, without which a page has no Web Crypto.
    "dom.securecontext.allowlist_onions": True,
    "dom.security.https_only_mode.upgrade_onion": False,
    "dom.security.https_only_mode": True,
    "dom.security.https_only_mode_pbm": True,
    "geo.enabled": False,
    "security.ssl.require_safe_negotiation": True,
    # Leaves nothing on the disk.
    "browser.privatebrowsing.autostart": True,
    "browser.privatebrowsing.forceMediaMemoryCache": True,
    "browser.cache.disk.enable": False,
    "browser.formfill.enable": False,
    "browser.sessionstore.privacy_level": 2,
    "browser.sessionstore.resume_from_crash": False,
    "permissions.memory_only": True,
    "security.nocertdb": True,
    "signon.rememberSignons": False,
    # Asks nobody for anything by itself.
    "app.normandy.enabled": False,
    "app.update.disabledForTesting": True,
    "browser.aboutwelcome.enabled": False,
    "browser.newtabpage.enabled": False,
    "browser.newtabpage.activity-stream.asrouter.providers.cfr": "null",
    "browser.newtabpage.activity-stream.discoverystream.enabled": False,
    "browser.region.network.url": "",
    "browser.region.update.enabled": False,
    "browser.safebrowsing.blockedURIs.enabled": False,
    "browser.safebrowsing.downloads.enabled": False,
    "browser.safebrowsing.malware.enabled": False,
    "browser.safebrowsing.phishing.enabled": False,
    "browser.search.suggest.enabled": False,
    "browser.search.update": False,
    "browser.shell.checkDefaultBrowser": False,
    "browser.startup.homepage": "about:blank",
    "browser.startup.page": 0,
    "browser.tabs.crashReporting.sendReport": False,
    "browser.translations.enable": False,
    "datareporting.healthreport.uploadEnabled": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "extensions.getAddons.cache.enabled": False,
    "extensions.systemAddon.update.enabled": False,
    "extensions.update.enabled": False,
    "identity.fxaccounts.enabled": False,
    "media.gmp-manager.updateEnabled": False,
    "media.gmp-manager.url": "",
    "messaging-system.rsexperimentloader.enabled": False,
    "services.settings.server": "data:,",
    "toolkit.telemetry.enabled": False,
    "toolkit.telemetry.server": "data:,",
    "toolkit.telemetry.unified": False,
    # No dialogue that nobody would answer.
    "browser.tabs.warnOnClose": False,
    "termsofuse.acceptedVersion": 999,
    "datareporting.policy.dataSubmissionPolicyBypassNotification": True,
}

FASTER_CODE: Final = ("javascript.options.ion", "javascript.options.baselinejit", "javascript.options.native_regexp")
RICHER_FONTS: Final = ("gfx.font_rendering.graphite.enabled", "gfx.font_rendering.opentype_svg.enabled")


def preferences(level: Level, socks_port: int) -> Preferences:
    """Return the preferences of Tor Browser at a level, with tor at that SOCKS port."""
    careful, strict = level is not Level.STANDARD, level is Level.SAFEST
    return {
        **ALWAYS,
        "network.proxy.socks_port": socks_port,
        **dict.fromkeys((*FASTER_CODE, "javascript.options.asmjs", "javascript.options.wasm"), not careful),
        **dict.fromkeys(RICHER_FONTS, not careful),
        "mathml.disabled": careful,
        "svg.disabled": strict,
        # In place of NoScript.
        "javascript.enabled": not strict,
        "gfx.downloadable_fonts.enabled": not strict,
        "media.mp4.enabled": not careful,
        "media.webm.enabled": not careful,
        "webgl.disabled": careful,
    }
