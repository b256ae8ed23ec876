import type { Fault, ServiceName } from '@banso/contracts'
import { BansoError } from '@banso/platform'

/** An event that its own service may not or cannot publish: a fault of the program that made it. */
export class OutgoingEventInvalidError extends BansoError {
  override readonly code = 'OUTGOING_EVENT_INVALID'

  constructor(
    type: string,
    readonly faults: readonly Fault[],
  ) {
    super(`${type} cannot be published: ${faults.map((fault) => `${fault.pointer} ${fault.message}`).join('; ')}`)
  }
}

/** An event whose record would be over its topic's limit. */
export class OutgoingEventTooLargeError extends BansoError {
  override readonly code = 'OUTGOING_EVENT_TOO_LARGE'
  override readonly status = 413

  constructor(type: string, bytes: number, limit: number) {
    super(`${type} of ${bytes} bytes is over its topic's limit, ${limit} bytes`)
  }
}

/**
 * The log has records of this service that its database knows nothing of: the database was restored, and would give out
 * sequences that consumers have already seen. Nothing is sent until `raiseGeneration`.
 */
export class OutboxBehindLogError extends BansoError {
  override readonly code = 'OUTBOX_BEHIND_LOG'
  override readonly status = 503

  constructor(
    service: ServiceName,
    /** The generation of its rows now. */
    readonly generation: number,
    found: { readonly generations: readonly number[]; readonly sent: number; readonly lastId: number },
  ) {
    super(
      `the outbox of ${service} (generation ${generation}, last id ${found.lastId}) is behind the log ` +
        `(generations ${found.generations.join(', ')}, last sequence ${found.sent})`,
    )
  }
}
