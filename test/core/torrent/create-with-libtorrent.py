"""Makes a hybrid torrent with libtorrent and prints its info-hashes."""
import json
import os
import sys
import warnings

warnings.filterwarnings('ignore')
import libtorrent as lt

path, piece_length = sys.argv[1], int(sys.argv[2])
files = lt.file_storage()
lt.add_files(files, path)
creator = lt.create_torrent(files, piece_length)
lt.set_piece_hashes(creator, os.path.dirname(path))
hashes = lt.torrent_info(creator.generate()).info_hashes()
print(json.dumps({'v1': str(hashes.v1), 'v2': str(hashes.v2)}))
