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
