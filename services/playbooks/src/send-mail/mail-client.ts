import { PassThrough } from 'node:stream'
import { createTransport, type Transporter } from 'nodemailer'
import type { Attempt, Fault } from '../domain/delivery.ts'
import type { MailText } from '../render-content/render-mail.ts'

/** How the mail server is reached. */
export interface MailServer {
  /** `smtp://user:password@host:port` (STARTTLS) or `smtps://…`. */
  readonly url: string
  /** A mail is sent in clear where the server offers no STARTTLS. */
  readonly plainText: boolean
  /** From the connection to the server's last answer, in milliseconds. */
  readonly timeoutMs: number
  /** Connections at once, kept open between mails. */
  readonly connections: number
}

export interface OutgoingMail extends MailText {
  readonly from: string
  readonly to: string
  /** Without angle brackets. */
  readonly messageId: string
}

const connectionOf = ({ url, plainText, timeoutMs, connections }: MailServer) => {
  const { protocol, hostname, port, username, password } = new URL(url)
  const secure = protocol === 'smtps:'
  return {
    host: hostname.replace(/^\[|\]$/g, ''),
    port: port === '' ? (secure ? 465 : 587) : Number(port),
    secure,
    requireTLS: !secure && !plainText,
    ...(username === '' ? {} : { auth: { user: decodeURIComponent(username), pass: decodeURIComponent(password) } }),
    pool: true as const,
    maxConnections: connections,
    maxRequeues: 0, // the table of retries is ours
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  }
}

interface MailFault {
  readonly code: string
  readonly command: string
  readonly responseCode: number | null
}

const faultIn = (error: unknown): MailFault => {
  const fields = new Map<string, unknown>(typeof error === 'object' && error !== null ? Object.entries(error) : [])
  const [code, command, responseCode] = ['code', 'command', 'responseCode'].map((field) => fields.get(field))
  return {
    code: typeof code === 'string' ? code : '',
    command: typeof command === 'string' ? command : '',
    responseCode: typeof responseCode === 'number' ? responseCode : null,
  }
}

/** Commands to which the answer is about the mail, and not about us. */
const ABOUT_THE_MAIL = new Set(['MAIL FROM', 'RCPT TO', 'DATA'])

const FAULTS: ReadonlyMap<string, Fault> = new Map([
  ['EDNS', 'dns'],
  ['ETLS', 'tls'],
  ['EREQUIRETLS', 'tls'],
  ['EAUTH', 'authentication'],
  ['ENOAUTH', 'authentication'],
  ['ETIMEDOUT', 'timeout'],
])

/** What became of a mail by the error of its sending. Nothing of the error is passed on: it quotes addresses. */
const attemptOf = (error: unknown, begun: boolean): Attempt => {
  const { code, command, responseCode } = faultIn(error)
  if (responseCode !== null && ABOUT_THE_MAIL.has(command))
    return { kind: 'answered', status: responseCode, retryAfterMs: 0 }
  return { kind: 'fault', fault: FAULTS.get(code) ?? 'connection', unsure: begun && responseCode === null }
}

/** Hands mails to an SMTP server, over kept connections. */
export class MailClient {
  readonly #transport: Transporter
  readonly #timeoutMs: number
  readonly #closing = new AbortController()
  /** Message-IDs of mails that a server is ready to take: before that, none of it has left. */
  readonly #begun = new Set<string>()

  constructor(server: MailServer) {
    this.#transport = createTransport(connectionOf(server))
    this.#transport.use('stream', ({ data: { messageId = '' }, message }, done) => {
      message.transform(() => {
        this.#begun.add(messageId)
        return new PassThrough()
      })
      done()
    })
    this.#timeoutMs = server.timeoutMs
  }

  /** Rejects only when `signal` aborts or the client is closed: the attempt then does not count. */
  async send(mail: OutgoingMail, signal: AbortSignal): Promise<Attempt> {
    const stop = AbortSignal.any([signal, this.#closing.signal])
    const timeout = AbortSignal.timeout(this.#timeoutMs)
    const message = messageOf(mail)
    try {
      await this.#transport.sendMail({ ...message, signal: AbortSignal.any([stop, timeout]) })
      return { kind: 'answered', status: 250, retryAfterMs: 0 }
    } catch (error) {
      stop.throwIfAborted()
      const begun = this.#begun.has(message.messageId)
      return timeout.aborted ? { kind: 'fault', fault: 'timeout', unsure: begun } : attemptOf(error, begun)
    } finally {
      this.#begun.delete(message.messageId)
    }
  }

  close(): void {
    this.#closing.abort(new Error('no more mails are sent'))
    this.#transport.close()
  }
}

const messageOf = ({ from, to, messageId, subject, text, html, language }: OutgoingMail) => ({
  envelope: { from, to: [to] },
  from,
  to: { name: '', address: to },
  messageId: `<${messageId}>`,
  subject,
  text,
  html,
  headers: { 'Auto-Submitted': 'auto-generated', 'Content-Language': language },
})
