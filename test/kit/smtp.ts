import type { AddressInfo } from 'node:net'
import { type ParsedMail, simpleParser } from 'mailparser'
import { SMTPServer } from 'smtp-server'
import type { Owner } from './owner.ts'

export interface MailBox {
  readonly port: number
  readonly mails: ParsedMail[]
  close(): Promise<void>
}

/** An SMTP server on loopback that keeps what it takes. */
export async function startMailBox(
  owner: Owner,
  { port = 0, user, password }: { port?: number; user?: string; password?: string } = {},
): Promise<MailBox> {
  const mails: ParsedMail[] = []
  const server = new SMTPServer({
    authOptional: user === undefined,
    allowInsecureAuth: true,
    disabledCommands: ['STARTTLS'],
    closeTimeout: 100,
    logger: false,
    onAuth: (auth, _, done) => {
      const isRight = auth.username === user && auth.password === password
      if (isRight) done(null, { user })
      else done(new Error('wrong password'))
    },
    onData: (stream, _, done) => {
      simpleParser(stream).then(
        mail => {
          mails.push(mail)
          done()
        },
        (error: Error) => done(error),
      )
    },
  })
  server.on('error', () => {})
  await new Promise<void>(resolve => server.listen(port, '127.0.0.1', resolve))
  let isOpen = true
  const close = async () => {
    if (!isOpen) return
    isOpen = false
    await new Promise<void>(resolve => server.close(resolve))
  }
  owner.teardown(close)
  return { port: (server.server.address() as AddressInfo).port, mails, close }
}
