export const EXIT = {
  ok: 0,
  /** A service refused: 4xx. */
  refused: 1,
  /** The command, a file or the settings are wrong; nothing was sent. */
  usage: 2,
  /** No answer from a service. */
  unreachable: 3,
  /** A service failed: 5xx, or an answer that is not JSON. */
  failed: 4,
  /** `status`: a service is not ready, or a group of its stands still. `doctor`: something is wrong. */
  notReady: 5,
  /** `plan --exit-code`: applying would change something. */
  changes: 6,
} as const

export type ExitCode = (typeof EXIT)[keyof typeof EXIT]

/** What ends a command: the exit code, one line, and lines that say where. */
export class CommandError extends Error {
  override readonly name = 'CommandError'

  constructor(
    readonly exitCode: ExitCode,
    message: string,
    readonly details: readonly string[] = [],
  ) {
    super(message)
  }
}
