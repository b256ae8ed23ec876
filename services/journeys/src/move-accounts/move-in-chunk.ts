import type { Chunk } from '@banso/messaging'
import { writeAccounts } from '../store/accounts.ts'
import { type Ground, type Move, moveAccounts } from './move-accounts.ts'

/** Moves the accounts of a chunk; while what follows from events is made anew, only keeps what they said. */
export const moveInChunk = async (chunk: Chunk, ground: Ground, moves: readonly Move[]): Promise<void> => {
  if (!chunk.rebuilding) return moveAccounts(chunk, ground, moves)
  return writeAccounts(
    chunk.tx,
    moves.map(({ after }) => after),
  )
}
