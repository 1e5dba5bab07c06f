/** What is written where there is no settings file yet: everything with its default, as comments. */
export const firstConfig = `# Settings of the p2pshare seed box. Saved changes are taken up at once; transfers go on meanwhile.
# A line that begins with # is a comment: take the # away to change what it says.
# Rates are like 500K or 2M a second, sizes like 50G, times like 90s, 10m or 2h30m. Paths begin with / or ~.

[folders]
# Where fetched transfers are put, and what is dropped onto the page.
# downloads = "~/p2pshare"
# uploads = "~/p2pshare/dropped"

# Folders whose files are shared: a file is a clip, a folder an album. Nothing in them is ever changed or deleted.
# One table a folder; a file .p2pshare.toml in any folder below may say otherwise for what is in it.
# [[folders.watch]]
# path = "~/Pictures/shared"
# settle = "10s"            # shared once it has not changed for so long, 7d at most
# location = "strip"        # or "keep": the position that photos and videos were taken at
# publish = "My catalog"    # list what is shared in a catalog of one's own
# section = "photos"
# tags = ["zoo"]
# license = "CC-BY-4.0"

[server]
# The dashboard, the API and what other programs steer the box with. Beyond 127.0.0.1 all of it asks for the token.
# listen = "127.0.0.1:8481"
# public_url = ""           # where it is reached through a web server of yours
# hosts = []                # further names that it answers to

[network]
# port = 28771
# dht = true
# dht_bootstrap = []        # nodes to start from instead of the usual ones
# lsd = true
# pex = true
# nat = true
# encryption = "prefer"     # or "require", "off"
# max_peers = 55            # of a transfer
# max_connections = 500     # of all together

[limits]
# Of all transfers together, in the hours that are not slow.
# upload = "2M"
# download = "10M"

[slow]
# Hours in which other limits hold, by the clock of this machine.
# hours = ["mon-fri 08:00-18:00", "sat 20:00-02:00"]
# upload = "200K"
# download = "1M"

[queue]
# How many fetch, and how many seed, at a time; 0 is without limit. What gets nothing for five minutes takes no place.
# downloads = 5
# seeds = 0

[goals]
# A transfer rests once it has given so many times its size, or has seeded so long; 0 is never.
# ratio = 0
# seed_time = "0s"

[follow]
# What is fetched of others and shared on: under-seeded things first, within the quota. p2pshare box plan says what would be.
# quota = "50G"
# keep_free = "5GB"         # of the disk, whatever the quota
# max_transfers = 1000      # of all that is followed; 0 is without limit
# max_age = "0s"            # leave out what is older; 0s is nothing
# every = "5m"

# [[follow.catalogs]]
# catalog = "magnet:?xs=urn:btpk:…"
# sections = ["video"]
# tags = []
# words = ""
# max_size = "4G"

# [[follow.feeds]]
# url = "https://zoo.example.org/rss"
# words = "lions"

[hooks]
# Programs that are run, without a shell, as something is added or done; facts come in P2PSHARE_… and TR_TORRENT_… variables.
# added = []
# done = ["/usr/local/bin/tell-me", "--quiet"]
`
