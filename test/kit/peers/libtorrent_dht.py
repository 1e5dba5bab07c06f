"""One libtorrent session with its DHT on 127.0.0.1, driven by JSON: a command a line on stdin, its answer a line on stdout.

Ends with its standard input. Bytes are hexadecimal.
"""

import hashlib
import json
import sys
import time

import libtorrent as lt

SETTINGS = {
    "listen_interfaces": "127.0.0.1:0",
    "enable_dht": True,
    "enable_lsd": False,
    "enable_upnp": False,
    "enable_natpmp": False,
    "dht_bootstrap_nodes": "",
    # All nodes of a test have one address, a private one.
    "dht_restrict_routing_ips": False,
    "dht_restrict_search_ips": False,
    "dht_prefer_verified_node_ids": False,
    "dht_enforce_node_id": False,
    "dht_ignore_dark_internet": False,
    "alert_mask": lt.alert.category_t.dht_notification,
}


class Node:
    def __init__(self):
        self.session = lt.session(SETTINGS)

    def listen(self):
        while not self.session.is_dht_running():
            time.sleep(0.01)
        return {"port": self.session.listen_port()}

    def put(self, seed, key, value, salt):
        """Signs and puts a string as the next revision; answers how many nodes took it."""
        digest = bytearray(hashlib.sha512(bytes.fromhex(seed)).digest())
        digest[0] &= 248
        digest[31] = digest[31] & 63 | 64
        self.session.dht_put_mutable_item(
            bytes(digest), bytes.fromhex(key), bytes.fromhex(value), bytes.fromhex(salt)
        )
        alert = self.wait(lt.dht_put_alert)
        return {"nodes": alert.num_success, "seq": alert.seq}

    def get(self, key, salt):
        """Answers the newest revision that is found and signed; the binding knows of strings as values only."""
        self.session.dht_get_mutable_item(bytes.fromhex(key), bytes.fromhex(salt))
        alert = self.wait(lt.dht_mutable_item_alert, lambda alert: alert.authoritative)
        return {"seq": alert.item["seq"], "value": alert.item["value"].hex()}

    def wait(self, kind, fits=lambda alert: True):
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            self.session.wait_for_alert(200)
            for alert in self.session.pop_alerts():
                if isinstance(alert, kind) and fits(alert):
                    return alert
        raise TimeoutError(kind.__name__)


def main():
    node = Node()
    for line in sys.stdin:
        command = json.loads(line)
        try:
            answer = getattr(node, command.pop("do"))(**command) or {}
        except Exception as error:  # whatever it is, the test is to see it
            answer = {"failed": repr(error)}
        print(json.dumps(answer), flush=True)


main()
