import { type Kysely, sql } from 'kysely'

export const name = '0003-submissions'

/** Submissions and their review, moderators, the audit log, mails that wait. */
export async function up(db: Kysely<never>, dialect: 'sqlite' | 'postgres'): Promise<void> {
  const isSqlite = dialect === 'sqlite'
  const id = isSqlite
    ? 'integer primary key autoincrement'
    : 'bigint generated always as identity primary key'
  const int = isSqlite ? 'integer' : 'bigint'
  const bytes = isSqlite ? 'blob' : 'bytea'
  // The .torrent comes last: SQLite reads a row up to the last column that is asked for.
  const statements = [
    `create table submission (
      number ${id},
      secret_hash text not null,
      state text not null,
      draft text not null,
      listing text,
      publisher text,
      magnet text not null,
      info_hash text,
      info_hash_v2 text,
      torrent_size_bytes ${int} not null,
      files text,
      file_count ${int},
      size_bytes ${int},
      check_count ${int} not null default 0,
      check_at ${int} not null,
      problem text,
      check_by text,
      check_until ${int} not null default 0,
      decision_by text,
      decision_until ${int} not null default 0,
      nonce text,
      revision ${int} not null default 0,
      listing_id text,
      reason text,
      note text,
      decided_by text,
      decided_at ${int},
      submitted_at ${int} not null,
      torrent ${bytes}
    )`,
    'create index submission_by_state on submission (state, check_at)',
    'create index submission_by_publisher on submission (publisher)',
    'create index submission_by_decision on submission (decided_at)',
    'create index submission_by_info_hash on submission (info_hash)',
    'create index submission_by_info_hash_v2 on submission (info_hash_v2)',
    `create table submission_contact (
      submission_number ${int} primary key references submission (number) on delete cascade,
      email text not null,
      email_hash text not null,
      secret text not null
    )`,
    'create index submission_contact_by_hash on submission_contact (email_hash)',
    `create table blocked_email (
      email_hash text primary key,
      hint text not null,
      blocked_at ${int} not null
    )`,
    `create table attempt (
      name text primary key,
      count ${int} not null,
      since ${int} not null
    )`,
    'create index attempt_by_time on attempt (since)',
    `create table audit_entry (
      number ${id},
      at ${int} not null,
      moderator text not null,
      action text not null,
      subject text not null,
      detail text not null
    )`,
    `create table moderator (
      number ${id},
      name text not null unique,
      token_hash text not null unique,
      created_at ${int} not null,
      used_at ${int}
    )`,
    `create table moderator_session (
      hash text primary key,
      moderator_number ${int} not null references moderator (number) on delete cascade,
      created_at ${int} not null,
      used_at ${int} not null
    )`,
    'create index moderator_session_by_moderator on moderator_session (moderator_number, used_at)',
    `create table outgoing_mail (
      number ${id},
      message_id text not null,
      recipient text not null,
      subject text not null,
      text text not null,
      html text not null,
      created_at ${int} not null,
      attempt_count ${int} not null default 0,
      send_at ${int} not null,
      send_by text,
      send_until ${int} not null default 0
    )`,
    'create index outgoing_mail_by_time on outgoing_mail (send_at)',
    ...(isSqlite ? appendOnlyOnSqlite : appendOnlyOnPostgres),
  ]
  for (const statement of statements) await sql.raw(statement).execute(db)
}

const appendOnlyOnSqlite = ['update', 'delete'].map(
  change => `create trigger audit_entry_no_${change} before ${change} on audit_entry
    begin select raise(abort, 'the audit log is append-only'); end`,
)

const appendOnlyOnPostgres = [
  `create function audit_entry_is_append_only() returns trigger language plpgsql as
    $$ begin raise exception 'the audit log is append-only'; end $$`,
  `create trigger audit_entry_append_only before update or delete or truncate on audit_entry
    for each statement execute function audit_entry_is_append_only()`,
]
