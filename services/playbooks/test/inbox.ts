import { simpleParser, type ParsedMail } from 'mailparser'
import type { AddressInfo } from 'node:net'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'

export interface InboxMail {
  readonly from: string
  readonly to: readonly string[]
  readonly mail: ParsedMail
}

/** What the server answers to a command; null: it takes it. */
export type Reply = { readonly code: number; readonly message: string } | null

const failure = ({ code, message }: Exclude<Reply, null>): Error =>
  Object.assign(new Error(message), { responseCode: code })

const portOf = (address: AddressInfo | string | null | undefined): number => {
  if (typeof address !== 'object' || address === null) throw new Error('the inbox does not listen')
  return address.port
}

/** A mail server on loopback that keeps what it takes; the answers may be changed while it runs. */
export class Inbox {
  readonly mails: InboxMail[] = []
  connections = 0
  /** To RCPT TO, by address. */
  recipient: (address: string) => Reply = () => null
  /** To the end of DATA; it may take its time. */
  taken: (mail: InboxMail) => Reply | Promise<Reply> = () => null
  readonly #server: SMTPServer

  constructor(options: SMTPServerOptions = {}) {
    this.#server = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS'],
      onConnect: (_session, done) => {
        this.connections += 1
        done()
      },
      onRcptTo: ({ address }, _session, done) => {
        const reply = this.recipient(address)
        done(reply && failure(reply))
      },
      onData: (stream, { envelope }, done) => {
        const take = async () => {
          const from = envelope.mailFrom === false ? '' : envelope.mailFrom.address
          const mail = await simpleParser(stream)
          const kept = { from, to: envelope.rcptTo.map(({ address }) => address), mail }
          const reply = await this.taken(kept)
          if (reply !== null) return done(failure(reply))
          this.mails.push(kept)
          return done()
        }
        void take()
      },
      ...options,
    })
    this.#server.on('error', () => undefined) // connections cut off by a spec
  }

  async listen(): Promise<this> {
    await new Promise<void>((done) => this.#server.listen(0, '127.0.0.1', done))
    return this
  }

  get port(): number {
    return portOf(this.#server.server.address())
  }

  get url(): string {
    return `smtp://127.0.0.1:${this.port}`
  }

  async close(): Promise<void> {
    await new Promise<void>((done) => this.#server.close(done))
  }
}
