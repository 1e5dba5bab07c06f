"""Makes a hybrid or v2-only torrent with libtorrent, prints its info-hashes and writes it where a path is given."""
import json
import os
import sys
import warnings

warnings.filterwarnings('ignore')
import libtorrent as lt

path, piece_length, kind = sys.argv[1], int(sys.argv[2]), sys.argv[3]
files = lt.file_storage()
lt.add_files(files, path)
flags = lt.create_torrent.v2_only if kind == 'v2' else 0
creator = lt.create_torrent(files, piece_length, flags=flags)
lt.set_piece_hashes(creator, os.path.dirname(path))
made = creator.generate()
hashes = lt.torrent_info(made).info_hashes()
if len(sys.argv) > 4:
    with open(sys.argv[4], 'wb') as torrent:
        torrent.write(lt.bencode(made))
print(json.dumps({'v1': str(hashes.v1) if hashes.has_v1() else None, 'v2': str(hashes.v2)}))
