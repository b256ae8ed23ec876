/** Takes what a log has to say besides its answers; the platform's logger fits. */
export interface LogNotices {
  debug(details: object, message: string): void
  warn(details: object, message: string): void
  error(details: object, message: string): void
}
