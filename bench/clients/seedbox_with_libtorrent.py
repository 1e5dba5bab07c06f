"""A libtorrent session with many torrents, driven by JSON: a command a line on stdin, its answer a line on stdout."""

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
    "alert_mask": lt.alert.category_t.error_notification | lt.alert.category_t.storage_notification,
    "alert_queue_size": 100_000,
    # All of them check at once, and none is put aside.
    "active_checking": 100,
}


class Box:
    def run(self, home, torrents, folder):
        """Starts, adds every torrent with its resume data where there is some, and waits until all seed."""
        names = os.listdir(torrents)
        begun = time.monotonic()
        self.session = lt.session(SETTINGS)
        handles = [self.add(os.path.join(torrents, name), os.path.join(home, name), folder) for name in names]
        waiting = handles
        while waiting:
            waiting = [handle for handle in waiting if not handle.status(0).is_seeding]
            if waiting:
                time.sleep(0.005)
        took = time.monotonic() - begun
        self.handles = dict(zip(names, handles))
        return {"tookMs": 1000 * took, "seeding": len(handles), "hashed": 0}

    def add(self, torrent, resume, folder):
        if os.path.exists(resume):
            with open(resume, "rb") as file:
                params = lt.read_resume_data(file.read())
        else:
            params = lt.add_torrent_params()
        params.ti = lt.torrent_info(torrent)
        params.save_path = folder
        params.flags &= ~(lt.torrent_flags.auto_managed | lt.torrent_flags.paused)
        return self.session.add_torrent(params)

    def keep(self, home):
        """Writes the resume data of all."""
        names = {handle.info_hash(): name for name, handle in self.handles.items()}
        self.session.pop_alerts()
        for handle in self.handles.values():
            handle.save_resume_data()
        left = len(names)
        while left > 0:
            self.session.wait_for_alert(1000)
            for alert in self.session.pop_alerts():
                if isinstance(alert, lt.save_resume_data_failed_alert):
                    raise RuntimeError(alert.message())
                if isinstance(alert, lt.save_resume_data_alert):
                    left -= 1
                    with open(os.path.join(home, names[alert.handle.info_hash()]), "wb") as file:
                        file.write(lt.write_resume_data_buf(alert.params))


serve_commands(Box())
