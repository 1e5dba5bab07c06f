import type { ErrorCode } from '../core/index.ts'

/** What to do about each error, in a line: printed below it, and listed in docs/errors.md. */
export const remedies: Readonly<Record<ErrorCode, string>> = {
  ERR_USAGE: 'See p2pshare --help, or p2pshare <command> --help for examples',
  ERR_INVALID_ARGUMENT: 'Correct the value; p2pshare <command> --help says what each option takes',
  ERR_INVALID_BENCODE: 'The file is not a torrent or arrived damaged: get it again from where it came',
  ERR_INVALID_TORRENT: 'Get the torrent again from its source, or ask its maker to create it anew',
  ERR_TORRENT_TOO_LARGE:
    'Ask the maker for a torrent with larger pieces or fewer files; for what a box follows, change the limits under [follow] in its settings',
  ERR_UNSUPPORTED_TORRENT: 'Use --engine native, or ask the maker for a v1 or hybrid torrent',
  ERR_INVALID_MAGNET: 'Copy the whole link, from magnet: to its end, and put it in single quotes',
  ERR_INVALID_IDENTIFIER:
    'Give a magnet link, an info-hash, a .torrent file, its http(s) address, or - for stdin',
  ERR_PATH_NOT_FOUND: 'Check the spelling; a name with spaces needs quotes',
  ERR_UNREADABLE_FILE: 'Check that the file may be read by you (ls -l) and that its disk is there',
  ERR_NOTHING_TO_SHARE:
    'Give at least one file; hidden files need --hidden, and --include or --exclude may leave none',
  ERR_NO_SUCH_FILE: 'List what the torrent holds with p2pshare get --list',
  ERR_INVALID_MEDIA: 'The file is damaged or not what its name says; it can still be shared as it is',
  ERR_LOCATION_NOT_REMOVABLE:
    'Leave the file out with --exclude, clean it with its own program, or use --location keep',
  ERR_ADDRESS_NOT_ALLOWED: 'If you trust that address, name it yourself or use --allow-private',
  ERR_UNSAFE_PATH: 'Choose a plain folder of your own with --out',
  ERR_DISK_FULL: 'Free some space, or choose another disk with --out; then start again: it resumes',
  ERR_CANNOT_WRITE: 'Check that the folder is there and may be written by you, or choose another with --out',
  ERR_TARGET_EXISTS: 'Move what is there out of the way, or choose another place with --out',
  ERR_PORT_TAKEN:
    'Choose another port, or 0 for any free one: with --port, or for a page with --listen or --http-port',
  ERR_HOME_LOCKED: 'Stop the other p2pshare, or give this one a home of its own with P2PSHARE_HOME',
  ERR_NODE_TOO_OLD: 'Install Node 22.22 or newer from https://nodejs.org, or: nvm install 24 && nvm use 24',
  ERR_NO_PEERS: 'Make sure that someone seeds it; name a peer with --peer host:port, and see p2pshare doctor',
  ERR_NO_BOX: 'Start it with p2pshare box start, on the same P2PSHARE_HOME',
  ERR_TIMEOUT: 'Start it again: it goes on where it stopped; a longer --timeout gives peers more time',
  ERR_FETCH_FAILED: 'Check the address and the network, or download the .torrent with a browser',
  ERR_SOURCE_CHANGED: 'Let the file come to rest, then run the command again',
  ERR_HASH_MISMATCH: 'Fetch the damaged files again with p2pshare get, from the same torrent',
  ERR_METADATA_MISMATCH: 'The peers lie or the link is damaged: copy the link again from its source',
  ERR_INVALID_JSON:
    'The file or answer is damaged or made by another program: get it again from where it came',
  ERR_INVALID_IDENTITY:
    'Give the file that catalog identity export wrote, and the passphrase that it was written with',
  ERR_INVALID_LISTING: 'Correct the field that is named; the limits are in docs/limits.md',
  ERR_INVALID_CATALOG: 'Copy the whole link again, in single quotes; it begins with magnet:?xs=urn:btpk:',
  ERR_INVALID_POINTER: 'Whoever sent it is at fault; nothing here has changed',
  ERR_INVALID_CONFIG:
    'Mend the lines that are named; a file that is deleted is made anew with all its defaults',
  ERR_INVALID_FEED: 'Check that the address is that of a feed, RSS or Atom, and tell whoever makes it',
  ERR_NO_SUCH_TRANSFER: 'List what the box has with p2pshare box ls',
  ERR_NO_SUCH_CATALOG: 'List the catalogs with p2pshare catalog ls',
  ERR_NO_SUCH_LISTING: 'Find the number or the id with p2pshare search',
  ERR_NO_SUCH_SUBMISSION: 'Look at what waits with p2pshare catalog review',
  ERR_ALREADY_DECIDED: 'Look at it again: the audit log says who decided',
  ERR_NOT_AUTHORIZED: 'Sign in with a moderator’s token, or ask the one who runs the site for one',
  ERR_RATE_LIMITED: 'Wait a while, then try again',
  ERR_DATABASE: 'Check that the database is there, its disk has room, and its version fits this p2pshare',
  ERR_SERVICE_MANAGER:
    'Look at the service with p2pshare box install --print, and hand it to what starts services here yourself',
  ERR_BAD_SIGNATURE:
    'Somebody changed it on the way, or it was never signed: get it again from its publisher',
  ERR_ROLLED_BACK: 'What was found is older than what is here, and was refused; try again later',
  ERR_STOPPED: 'Start it again',
  ERR_INTERNAL: 'Please report it, with what P2PSHARE_DEBUG=1 prints',
}
