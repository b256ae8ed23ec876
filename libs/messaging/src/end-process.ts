/** For a consumption that has ended by itself: nobody catches it, so the process ends with code 1, to be started again. */
export const endProcess = (cause: unknown): void => {
  setImmediate(() => {
    throw new Error('the consumption of events ended by itself', { cause })
  })
}
