import type { Generated } from 'kysely'

/** What somebody handed in, from its coming to its removal some time after the decision. */
export interface SubmissionTable {
  number: Generated<number>
  /** SHA-256 of the secret in the link to its status. */
  secret_hash: string
  state: 'received' | 'checking' | 'ready' | 'unreachable' | 'accepted' | 'rejected'
  /** JSON of the fields as the listing will have them. */
  draft: string
  /** A listing that its publisher signed; null where the site is to sign. */
  listing: string | null
  /** Who signed it. */
  publisher: string | null
  magnet: string
  info_hash: string | null
  info_hash_v2: string | null
  /** The .torrent, until the decision. */
  torrent: Uint8Array | null
  torrent_size_bytes: number
  /** JSON of the first files; null until they are known. */
  files: string | null
  file_count: number | null
  size_bytes: number | null
  /** Attempts at finding its metadata, when the next is due, and why the last one failed. */
  check_count: number
  check_at: number
  problem: string | null
  /** Which process looks for its metadata, and until when it may. */
  check_by: string | null
  check_until: number
  /** Who is about to decide, and until when nobody else may. */
  decision_by: string | null
  decision_until: number
  /** Of the listing that was signed for it, so that a decision that was cut short is not carried out twice. */
  nonce: string | null
  revision: number
  listing_id: string | null
  /** What the submitter is told, and what only moderators read. */
  reason: string | null
  note: string | null
  decided_by: string | null
  decided_at: number | null
  submitted_at: number
}

/** How to reach who submitted: kept apart, and deleted some days after the decision. */
interface SubmissionContactTable {
  submission_number: number
  email: string
  email_hash: string
  /** Of the link to its status, for the mails that are still to come. */
  secret: string
}

/** E-mail addresses that may submit nothing, as SHA-256, with as much of the address as tells a moderator which it is. */
interface BlockedEmailTable {
  email_hash: string
  hint: string
  blocked_at: number
}

/** How often something was tried in the window that began with its first attempt. */
interface AttemptTable {
  name: string
  count: number
  since: number
}

/** What moderators did, in order; the database refuses to change or delete an entry. */
interface AuditEntryTable {
  number: Generated<number>
  at: number
  moderator: string
  action: string
  subject: string
  /** JSON. */
  detail: string
}

export interface ModeratorTable {
  number: Generated<number>
  name: string
  token_hash: string
  created_at: number
  used_at: number | null
}

/** Browsers that are signed in, by the SHA-256 of their cookie. */
interface ModeratorSessionTable {
  hash: string
  moderator_number: number
  created_at: number
  used_at: number
}

/** Mails that wait to be sent. */
export interface OutgoingMailTable {
  number: Generated<number>
  message_id: string
  recipient: string
  subject: string
  text: string
  html: string
  created_at: number
  attempt_count: number
  send_at: number
  send_by: string | null
  send_until: number
}

export interface SubmissionTables {
  submission: SubmissionTable
  submission_contact: SubmissionContactTable
  blocked_email: BlockedEmailTable
  attempt: AttemptTable
  audit_entry: AuditEntryTable
  moderator: ModeratorTable
  moderator_session: ModeratorSessionTable
  outgoing_mail: OutgoingMailTable
}
