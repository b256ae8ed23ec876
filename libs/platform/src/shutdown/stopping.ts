const underWay = new Map<symbol, string>()

/** Names what is being stopped until it has stopped: a shutdown that is cut off says what it waited for. */
export const stopping = async <T>(what: string, work: Promise<T>): Promise<T> => {
  const one = Symbol(what)
  underWay.set(one, what)
  try {
    return await work
  } finally {
    underWay.delete(one)
  }
}

/** What has begun to stop in this process and has not stopped yet. */
export const stillStopping = (): readonly string[] => [...underWay.values()]
