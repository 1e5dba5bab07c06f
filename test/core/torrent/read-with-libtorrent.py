"""Prints the info-hashes that libtorrent reads from a torrent, and how much of it it finds on disk."""
import json
import sys
import time
import warnings

warnings.filterwarnings('ignore')
import libtorrent as lt

torrent, folder = sys.argv[1:]
info = lt.torrent_info(torrent)
hashes = info.info_hashes()
session = lt.session({
    'listen_interfaces': '127.0.0.1:0',
    'enable_dht': False,
    'enable_lsd': False,
    'enable_upnp': False,
    'enable_natpmp': False,
})
handle = session.add_torrent({'ti': info, 'save_path': folder})
deadline = time.monotonic() + 20
while time.monotonic() < deadline:
    status = handle.status()
    if status.is_seeding or status.errc.value() != 0:
        break
    if status.state == lt.torrent_status.downloading:
        break
    time.sleep(0.02)
print(json.dumps({
    'v1': str(hashes.v1) if hashes.has_v1() else None,
    'v2': str(hashes.v2) if hashes.has_v2() else None,
    'progress': status.progress,
    'isSeeding': status.is_seeding,
}))
