import type { CliCommand } from './cli-command.ts'

/** One command; its module is loaded when it is called. */
interface Verb {
  readonly summary: string
  load(): Promise<CliCommand>
}

/** Commands under one word, such as `catalog`. */
export interface VerbGroup {
  readonly summary: string
  readonly verbs: Readonly<Record<string, Verb | VerbGroup>>
  /** The one that is meant where none is named. */
  readonly fallback?: string
}

const review: VerbGroup = {
  summary: 'decide on what was submitted to a catalog’s web site',
  fallback: 'list',
  verbs: {
    list: {
      summary: 'list what waits for a decision',
      load: async () => (await import('./commands/catalog/review/list.ts')).list,
    },
    show: {
      summary: 'show a submission with its files and duplicates',
      load: async () => (await import('./commands/catalog/review/show.ts')).show,
    },
    accept: {
      summary: 'take submissions into the catalog',
      load: async () => (await import('./commands/catalog/review/accept.ts')).accept,
    },
    reject: {
      summary: 'turn a submission down, with a reason',
      load: async () => (await import('./commands/catalog/review/reject.ts')).reject,
    },
    edit: {
      summary: 'correct the title, section or tags of a submission',
      load: async () => (await import('./commands/catalog/review/edit.ts')).edit,
    },
    block: {
      summary: 'take nothing more from a publisher or an e-mail address',
      load: async () => (await import('./commands/catalog/review/block.ts')).block,
    },
    unblock: {
      summary: 'take from a publisher or an e-mail address again',
      load: async () => (await import('./commands/catalog/review/unblock.ts')).unblock,
    },
    audit: {
      summary: 'list who decided what, newest first',
      load: async () => (await import('./commands/catalog/review/audit.ts')).audit,
    },
  },
}

const moderator: VerbGroup = {
  summary: 'who may review what is submitted to a site',
  fallback: 'ls',
  verbs: {
    ls: {
      summary: 'list the moderators of a site',
      load: async () => (await import('./commands/catalog/moderator/ls.ts')).ls,
    },
    add: {
      summary: 'add a moderator; prints the token, this once',
      load: async () => (await import('./commands/catalog/moderator/add.ts')).add,
    },
    rm: {
      summary: 'remove a moderator, and end their sessions',
      load: async () => (await import('./commands/catalog/moderator/rm.ts')).rm,
    },
  },
}

const identity: VerbGroup = {
  summary: 'take your key to another computer, or keep a copy of it',
  verbs: {
    export: {
      summary: 'write your key to a file that a passphrase opens',
      load: async () => (await import('./commands/catalog/identity-export.ts')).identityExport,
    },
    import: {
      summary: 'take a key that was exported',
      load: async () => (await import('./commands/catalog/identity-import.ts')).identityImport,
    },
  },
}

const catalog: VerbGroup = {
  summary: 'your catalogs and those that you follow; a web site for one',
  verbs: {
    ls: {
      summary: 'list your catalogs and those that you follow',
      load: async () => (await import('./commands/catalog/ls.ts')).ls,
    },
    add: {
      summary: 'follow a catalog by its link, key or web address',
      load: async () => (await import('./commands/catalog/add.ts')).add,
    },
    sync: {
      summary: 'fetch what is new; --watch stays up and seeds',
      load: async () => (await import('./commands/catalog/sync.ts')).sync,
    },
    show: {
      summary: 'tell all about a catalog or a listing',
      load: async () => (await import('./commands/catalog/show.ts')).show,
    },
    rm: {
      summary: 'forget catalogs, with the listings that no other one holds',
      load: async () => (await import('./commands/catalog/rm.ts')).rm,
    },
    create: {
      summary: 'make a catalog of your own',
      load: async () => (await import('./commands/catalog/create.ts')).create,
    },
    withdraw: {
      summary: 'take listings of yours back for good',
      load: async () => (await import('./commands/catalog/withdraw.ts')).withdraw,
    },
    remove: {
      summary: 'take listings of anybody out of a catalog of yours',
      load: async () => (await import('./commands/catalog/remove.ts')).remove,
    },
    export: {
      summary: 'write the signed listings of a catalog, one a line',
      load: async () => (await import('./commands/catalog/export.ts')).exportListings,
    },
    import: {
      summary: 'take signed listings into a catalog of yours',
      load: async () => (await import('./commands/catalog/import.ts')).importListings,
    },
    whoami: {
      summary: 'print the public key that you publish under',
      load: async () => (await import('./commands/catalog/whoami.ts')).whoami,
    },
    identity,
    serve: {
      summary: 'run the web site of a catalog',
      load: async () => (await import('./commands/catalog/serve.ts')).serve,
    },
    review,
    moderator,
    backup: {
      summary: 'copy the database to a file, while it is in use',
      load: async () => (await import('./commands/catalog/backup.ts')).backup,
    },
  },
}

const box: VerbGroup = {
  summary: 'an always-on home for what you share',
  verbs: {
    start: {
      summary: 'run the box here, until it is stopped',
      load: async () => (await import('./commands/box/start.ts')).start,
    },
    ls: {
      summary: 'list the transfers of the box',
      load: async () => (await import('./commands/box/ls.ts')).ls,
    },
    show: {
      summary: 'tell all about a transfer of the box',
      load: async () => (await import('./commands/box/show.ts')).show,
    },
    link: {
      summary: 'print the magnet link of what the box shares from a path',
      load: async () => (await import('./commands/box/link.ts')).link,
    },
    add: {
      summary: 'let the box fetch something, and share it on',
      load: async () => (await import('./commands/box/add.ts')).add,
    },
    pause: {
      summary: 'hold transfers of the box',
      load: async () => (await import('./commands/box/pause.ts')).pause,
    },
    resume: {
      summary: 'let transfers of the box go on',
      load: async () => (await import('./commands/box/resume.ts')).resume,
    },
    status: {
      summary: 'tell how the box is',
      load: async () => (await import('./commands/box/status.ts')).status,
    },
    stop: {
      summary: 'stop the box',
      load: async () => (await import('./commands/box/stop.ts')).stop,
    },
    top: {
      summary: 'show what goes on, busiest first',
      load: async () => (await import('./commands/box/top.ts')).top,
    },
    limit: {
      summary: 'limit how fast a transfer, or all of them, go',
      load: async () => (await import('./commands/box/limit.ts')).limit,
    },
    label: {
      summary: 'label transfers, to find them by',
      load: async () => (await import('./commands/box/label.ts')).label,
    },
    files: {
      summary: 'list the files of a transfer, and choose which are fetched',
      load: async () => (await import('./commands/box/files.ts')).files,
    },
    queue: {
      summary: 'put transfers first or last',
      load: async () => (await import('./commands/box/queue.ts')).queue,
    },
    recheck: {
      summary: 'hash anew what is on disk of transfers',
      load: async () => (await import('./commands/box/recheck.ts')).recheck,
    },
    move: {
      summary: 'put the files of a transfer elsewhere',
      load: async () => (await import('./commands/box/move.ts')).move,
    },
    rm: {
      summary: 'forget transfers of the box, with or without their files',
      load: async () => (await import('./commands/box/rm.ts')).rm,
    },
    plan: {
      summary: 'say what would be fetched of what is followed, and what could go',
      load: async () => (await import('./commands/box/plan.ts')).plan,
    },
    logs: {
      summary: 'print what the box wrote into its log',
      load: async () => (await import('./commands/box/logs.ts')).logs,
    },
    install: {
      summary: 'have the box started with this machine, as a service of yours',
      load: async () => (await import('./commands/box/install.ts')).install,
    },
  },
}

/** Every command, in the order in which help lists them. */
export const verbs: VerbGroup['verbs'] = {
  seed: {
    summary: 'share photos, videos and folders; prints the magnet link and stays up seeding',
    load: async () => (await import('./commands/seed.ts')).seed,
  },
  get: {
    summary: 'fetch by magnet link, info-hash, listing, .torrent or address; seeds on afterwards',
    load: async () => (await import('./commands/get.ts')).get,
  },
  play: {
    summary: 'watch a video, listen or look while it is fetched; prints its address',
    load: async () => (await import('./commands/play.ts')).play,
  },
  publish: {
    summary: 'list files or a magnet link in your catalog, and seed',
    load: async () => (await import('./commands/publish.ts')).publish,
  },
  search: {
    summary: 'search the catalogs that you follow, without a network',
    load: async () => (await import('./commands/search.ts')).search,
  },
  catalog,
  box,
  create: {
    summary: 'make a .torrent file without sharing it yet',
    load: async () => (await import('./commands/create.ts')).create,
  },
  info: {
    summary: 'say what a torrent, a magnet link, a photo, a video or a folder holds',
    load: async () => (await import('./commands/info.ts')).info,
  },
  verify: {
    summary: 'check files on disk against a torrent, file by file',
    load: async () => (await import('./commands/verify.ts')).verify,
  },
  doctor: {
    summary: 'check this machine: ports, DHT, local discovery, router, ffmpeg, folders',
    load: async () => (await import('./commands/doctor.ts')).doctor,
  },
  completions: {
    summary: 'print the completion script of a shell',
    load: async () => (await import('./commands/completions.ts')).completions,
  },
}
