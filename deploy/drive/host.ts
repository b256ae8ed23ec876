/** Where a listener of a driver listens, and the name by which the system reaches it. */
export interface Host {
  readonly listen: string
  readonly reachedAs: string
}

export const THIS_HOST: Host = { listen: '127.0.0.1', reachedAs: '127.0.0.1' }
