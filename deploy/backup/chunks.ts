import { readSync } from 'node:fs'
import { setImmediate as turn } from 'node:timers/promises'

const CHUNK_BYTES = 1024 * 1024
const buffer = Buffer.allocUnsafe(CHUNK_BYTES)

/**
 * Hands the contents of an open file to `use`, piece by piece; a piece is overwritten by the next. By calls that block:
 * a Postgres is some thousand small files, and calls that do not block cost several times what copying them does. All
 * else has its turn after each piece.
 */
export const eachChunk = async (file: number, use: (chunk: Buffer) => void): Promise<void> => {
  for (;;) {
    const bytes = readSync(file, buffer)
    if (bytes === 0) return
    use(buffer.subarray(0, bytes))
    await turn()
  }
}
