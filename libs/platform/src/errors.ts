/**
 * Base of every error of ours: a code from a closed list (`SOURCE_NOT_FOUND`), an HTTP status for the case that it
 * reaches one, and where in the input the fault is (JSON pointer, `/events/3/userId`).
 */
export abstract class BansoError extends Error {
  abstract readonly code: string
  readonly status: number = 500
  readonly pointer?: string

  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = new.target.name
  }
}

/** A service must not run like this, and will not until somebody changes its settings or what it stands on. */
export abstract class StartRefusedError extends BansoError {}

/** One fault of an input: where (JSON pointer) and what. */
export interface InputFault {
  readonly pointer: string
  readonly message: string
}

export interface ProblemParts {
  readonly code: string
  readonly status: number
  /** For people; never shows what is secret. */
  readonly detail: string
  readonly pointer?: string
  readonly errors?: readonly InputFault[]
  /** Of a 503: when it is worth asking again (`Retry-After`). */
  readonly retryAfterSeconds?: number
}

/** An answer that is not a success, for faults that need no class of their own. */
export class ProblemError extends BansoError {
  override readonly code: string
  override readonly status: number
  override readonly pointer?: string
  readonly errors?: readonly InputFault[]
  readonly retryAfterSeconds?: number

  constructor(parts: ProblemParts, options?: ErrorOptions) {
    super(parts.detail, options)
    this.code = parts.code
    this.status = parts.status
    if (parts.pointer !== undefined) this.pointer = parts.pointer
    if (parts.errors !== undefined) this.errors = parts.errors
    if (parts.retryAfterSeconds !== undefined) this.retryAfterSeconds = parts.retryAfterSeconds
  }
}
