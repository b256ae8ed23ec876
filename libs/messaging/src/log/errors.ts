import { BansoError } from '@banso/platform'
import type { AppendRecord } from './event-log.ts'

/** Some records are not confirmed; they may or may not be in the log. */
export class AppendError extends BansoError {
  override readonly code = 'LOG_APPEND_UNCONFIRMED'
  override readonly status = 503

  constructor(
    readonly unconfirmed: readonly AppendRecord[],
    options?: ErrorOptions,
  ) {
    super(`${unconfirmed.length} records are not confirmed by the log`, options)
  }
}

/** A record exceeds its topic's limit; nothing was sent. */
export class RecordTooLargeError extends BansoError {
  override readonly code = 'LOG_RECORD_TOO_LARGE'
  override readonly status = 413

  constructor(topic: string, bytes: number, limit: number) {
    super(`a record of ${bytes} bytes is over the limit of ${topic}, ${limit} bytes`)
  }
}

/** The log does not allow what a service must do. */
export class LogRefusedError extends BansoError {
  override readonly code = 'LOG_REFUSED'
  override readonly status = 503
}

/** A topic exists with other settings than the contracts declare. */
export class TopicMismatchError extends BansoError {
  override readonly code = 'LOG_TOPIC_MISMATCH'
}
