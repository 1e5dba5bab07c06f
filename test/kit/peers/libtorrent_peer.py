"""One libtorrent session with one torrent, driven by JSON: a command a line on stdin, its answer a line on stdout.

Ends with its standard input. All discovery is off: peers come by `connect` only. Further settings come as the argument.
"""

import json
import sys
import time

import libtorrent as lt

SETTINGS = {
    "listen_interfaces": "127.0.0.1:0",
    "enable_dht": False,
    "enable_lsd": False,
    "enable_upnp": False,
    "enable_natpmp": False,
    "enable_incoming_utp": False,
    "enable_outgoing_utp": False,
    "allow_multiple_connections_per_ip": True,
    "alert_mask": lt.alert.category_t.error_notification | lt.alert.category_t.status_notification,
}


class Peer:
    def __init__(self):
        self.session = lt.session({**SETTINGS, **json.loads(sys.argv[1])})
        self.handle = None

    def add(self, torrent, folder, trackers=()):
        info = lt.torrent_info(torrent)
        self.handle = self.session.add_torrent(
            {
                "ti": info,
                "save_path": folder,
                "trackers": list(trackers),
                "storage_mode": lt.storage_mode_t.storage_mode_sparse,
                # Without seed mode it checks what is there once, and not again while it gives.
                "flags": 0,
            }
        )

    def add_magnet(self, link, folder):
        params = lt.parse_magnet_uri(link)
        params.save_path = folder
        self.handle = self.session.add_torrent(params)

    def listen(self):
        return {"port": self.session.listen_port()}

    def connect(self, host, port):
        self.handle.connect_peer((host, port))

    def limit_upload(self, rate):
        self.handle.set_upload_limit(rate)

    def uploaded(self):
        return {"bytes": self.handle.status().total_payload_upload}

    def wait(self, seconds):
        """Blocks until everything is here and verified, or the time is over."""
        deadline = time.monotonic() + seconds
        alerts = []
        while not self.handle.status().is_seeding and time.monotonic() < deadline:
            self.session.wait_for_alert(1000)
            alerts = (alerts + [alert.message() for alert in self.session.pop_alerts()])[-20:]
        status = self.handle.status()
        return {
            "seeding": status.is_seeding,
            "state": str(status.state),
            "progress": status.progress,
            "peers": status.num_peers,
            "alerts": alerts,
        }


def main():
    peer = Peer()
    for line in sys.stdin:
        command = json.loads(line)
        try:
            answer = getattr(peer, command.pop("do"))(**command) or {}
        except Exception as error:  # whatever it is, the test is to see it
            answer = {"failed": repr(error)}
        print(json.dumps(answer), flush=True)


main()
