/** What was asked for did not come in time; it may still happen. */
export class LateError extends Error {
  override readonly name = 'LateError'
}

/** `work`, or a `LateError` after `limitMs`. `work` itself goes on. */
export const withinTime = async <T>(work: Promise<T>, limitMs: number): Promise<T> => {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new LateError(`not done within ${limitMs} ms`)), limitMs)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}
