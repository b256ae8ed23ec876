// A mail server on this machine: takes what comes, delivers nothing.
import { type ParsedMail, simpleParser } from 'mailparser'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { SMTPServer } from 'smtp-server'
import { THIS_HOST } from './host.ts'

export interface Mail {
  /** Without angle brackets. */
  readonly messageId: string
  /** Milliseconds since 1970. */
  readonly at: number
  readonly to: readonly string[]
  readonly subject: string
  readonly text: string
}

export interface Inbox {
  /** `smtp://host:port`, as the system reaches it. */
  readonly url: string
  /** Every mail, repeats of a Message-ID included. */
  readonly mails: readonly Mail[]
  close(): Promise<void>
}

/** Senders keep connections open. */
const CLOSE_WITHIN_MS = 200

const bare = (messageId: string | undefined): string => (messageId ?? '').replace(/^<|>$/g, '')

const mailOf = ({ messageId, subject, text }: ParsedMail, to: readonly string[]): Mail => ({
  messageId: bare(messageId),
  at: Date.now(),
  to,
  subject: subject ?? '',
  text: text ?? '',
})

/** `port` 0: any that is free. */
export const startInbox = async (
  port = 0,
  onMail: (mail: Mail) => void = () => {},
  { listen, reachedAs } = THIS_HOST,
): Promise<Inbox> => {
  const mails: Mail[] = []
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    closeTimeout: CLOSE_WITHIN_MS,
    onData: (stream, { envelope: { rcptTo } }, answer) => {
      const addresses = rcptTo.map(({ address }) => address)
      const take = async (): Promise<void> => {
        try {
          const mail = mailOf(await simpleParser(stream), addresses)
          mails.push(mail)
          onMail(mail)
          answer()
        } catch (fault) {
          answer(fault instanceof Error ? fault : new Error('not taken'))
        }
      }
      void take()
    },
  })
  // Of connections that a killed sender left behind; that it cannot listen is told below.
  server.on('error', () => undefined)
  const listening = once(server.server, 'listening')
  server.listen(port, listen)
  await listening
  return {
    url: `smtp://${reachedAs}:${(server.server.address() as AddressInfo).port}`,
    mails,
    close: () => new Promise((done) => server.close(done)),
  }
}
