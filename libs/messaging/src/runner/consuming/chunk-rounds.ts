import { isContention, isInfrastructure } from '../faults.ts'
import type { ChunkRequest, ChunkResult, ProcessChunks } from './process-chunk.ts'

interface Waiting {
  readonly chunk: ChunkRequest
  readonly answer: PromiseWithResolvers<ChunkResult>
}

/**
 * Puts chunks together that come in the same turn of the event loop and are of one topic: a transaction costs much the
 * same for one partition as for all. When something in them fails, or another transaction is in the way of one of them,
 * each is processed alone.
 */
export class ChunkRounds {
  readonly #waiting = new Map<string, Waiting[]>()

  constructor(private readonly process: ProcessChunks) {}

  run(chunk: ChunkRequest): Promise<ChunkResult> {
    const answer = Promise.withResolvers<ChunkResult>()
    const round = this.#waiting.get(chunk.topic)
    if (round) round.push({ chunk, answer })
    else {
      this.#waiting.set(chunk.topic, [{ chunk, answer }])
      setImmediate(() => void this.#begin(chunk.topic))
    }
    return answer.promise
  }

  /** Never rejects. */
  async #begin(topic: string): Promise<void> {
    const round = this.#waiting.get(topic) ?? []
    this.#waiting.delete(topic)
    await this.#process(round).catch(async (fault: unknown) => {
      const sharesFault = isInfrastructure(fault) && !isContention(fault)
      if (sharesFault || round.length === 1) for (const { answer } of round) answer.reject(fault)
      else for (const one of round) await this.#process([one]).catch((own: unknown) => one.answer.reject(own))
    })
  }

  async #process(round: readonly Waiting[]): Promise<void> {
    const results = await this.process(round.map(({ chunk }) => chunk))
    for (const [index, { answer }] of round.entries()) {
      const result = results[index]
      if (result) answer.resolve(result)
      else answer.reject(new Error(`a chunk of ${round.length} was not answered`))
    }
  }
}
