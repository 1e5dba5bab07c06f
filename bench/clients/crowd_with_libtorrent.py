"""Several libtorrent sessions with one torrent each, driven by JSON: a command a line on stdin, its answer a line on stdout."""

import os
import time
import warnings

warnings.filterwarnings("ignore")
import libtorrent as lt
from json_lines import serve_commands

SETTINGS = {
    "listen_interfaces": "127.0.0.1:0",
    "enable_dht": False,
    "enable_lsd": False,
    "enable_upnp": False,
    "enable_natpmp": False,
    "enable_incoming_utp": False,
    "enable_outgoing_utp": False,
    "allow_multiple_connections_per_ip": True,
    "connections_limit": 500,
    # A crowd on one machine dials each other within seconds, not within minutes.
    "connection_speed": 500,
    "alert_mask": lt.alert.category_t.error_notification,
}


class Crowd:
    def start(self, folder, count):
        self.sessions = [lt.session(SETTINGS) for _ in range(count)]
        while not all(session.listen_port() for session in self.sessions):
            time.sleep(0.005)
        return {"ports": [session.listen_port() for session in self.sessions]}

    def leech(self, torrent, folder):
        self.handles = []
        for index, session in enumerate(self.sessions):
            params = lt.add_torrent_params()
            params.ti = lt.torrent_info(torrent)
            params.save_path = os.path.join(folder, f"out {index}")
            params.max_connections = 100
            params.flags &= ~(lt.torrent_flags.auto_managed | lt.torrent_flags.paused)
            self.handles.append(session.add_torrent(params))

    def connect(self, ports):
        """Each calls on those that stand before it in the list of all."""
        for session, handle in zip(self.sessions, self.handles):
            for port in ports[: ports.index(session.listen_port())]:
                handle.connect_peer(("127.0.0.1", port))

    def finished(self):
        while not all(handle.status(0).is_seeding for handle in self.handles):
            time.sleep(0.01)


serve_commands(Crowd())
