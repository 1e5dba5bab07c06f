"""libtorrent making one v1 torrent: path of a file or of a folder of files, piece length, torrent."""
import os
import sys
import warnings

warnings.filterwarnings('ignore')
import libtorrent as lt

path, piece_length, torrent = sys.argv[1:]
parent, name = os.path.split(path)
files = lt.file_storage()
# Left to itself, it takes a folder's files in whatever order the file system has them.
names = [os.path.join(name, file) for file in sorted(os.listdir(path))] if os.path.isdir(path) else [name]
for file in names:
    files.add_file(file, os.path.getsize(os.path.join(parent, file)))
creator = lt.create_torrent(files, int(piece_length), flags=lt.create_torrent.v1_only)
lt.set_piece_hashes(creator, parent)
with open(torrent, 'wb') as out:
    out.write(lt.bencode(creator.generate()))
