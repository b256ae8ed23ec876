/** Ends a worker's wait early, within one process. A call while nobody waits ends the next wait at once. */
export class WakeUp {
  private called = false
  private resume: (() => void) | undefined

  call(): void {
    this.called = true
    this.resume?.()
  }

  /** Resolves after `timeoutMs`, or earlier when called. One waiter at a time. */
  async wait(timeoutMs: number): Promise<void> {
    if (!this.called) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, timeoutMs)
        this.resume = () => {
          clearTimeout(timer)
          resolve()
        }
      })
      this.resume = undefined
    }
    this.called = false
  }
}
