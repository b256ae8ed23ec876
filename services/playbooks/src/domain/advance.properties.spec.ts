import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { inBand } from '../../test/occasions.ts'
import { advance, type Advanced, begin, revive } from './advance.ts'
import type { Context, Output } from './enter-step.ts'
import { LocalTime } from './local-time.ts'
import { programOf } from './program.ts'
import type { HeldInput, RunState } from './run-state.ts'
import type { Step } from './steps.ts'

const START = Date.parse('2026-01-31T09:00:00Z')
const HOUR = 3_600_000
const facts = inBand('red')
const local = new LocalTime('UTC')

/** Steps by shape; ids are given afterwards. */
type Shape =
  | { readonly kind: 'action'; readonly fails: boolean; readonly onFailure: 'fail' | 'continue' }
  | { readonly kind: 'wait'; readonly hours: number }
  | { readonly kind: 'until'; readonly met: boolean; readonly onLimit: readonly Shape[] }
  | {
      readonly kind: 'branch'
      readonly met: boolean
      readonly taken: readonly Shape[]
      readonly other: readonly Shape[]
    }
  | { readonly kind: 'goal'; readonly met: boolean }
  | { readonly kind: 'exit' }

const { shapes } = fc.letrec<{ shape: Shape; shapes: Shape[] }>((tie) => ({
  shape: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    fc.record({
      kind: fc.constant('action' as const),
      fails: fc.boolean(),
      onFailure: fc.constantFrom('fail' as const, 'continue' as const, 'continue' as const),
    }),
    fc.record({ kind: fc.constant('wait' as const), hours: fc.integer({ min: 1, max: 200 }) }),
    fc.record({ kind: fc.constant('until' as const), met: fc.boolean(), onLimit: tie('shapes') }),
    fc.record({
      kind: fc.constant('branch' as const),
      met: fc.boolean(),
      taken: tie('shapes'),
      other: tie('shapes'),
    }),
    fc.record({ kind: fc.constant('goal' as const), met: fc.constant(false) }),
    { weight: 1, arbitrary: fc.constant({ kind: 'exit' as const }) },
  ),
  shapes: fc.array(tie('shape'), { maxLength: 4 }),
}))

const when = (met: boolean) => (met ? 'health.band == "red"' : 'health.band == "green"')

/** The steps, and the ids of those whose action will fail. */
const written = (all: readonly Shape[]) => {
  const failing = new Set<string>()
  let count = 0
  const write = (shape: Shape): Step => {
    const id = `step-${(count += 1)}`
    switch (shape.kind) {
      case 'action': {
        if (shape.fails) failing.add(id)
        const { onFailure } = shape
        return { id, action: { kind: 'webhook', url: 'https://hooks.example.com/' }, onFailure }
      }
      case 'wait':
        return { id, wait: { for: `PT${shape.hours}H` } }
      case 'until':
        return { id, wait: { condition: when(shape.met), limit: 'P2D', onLimit: shape.onLimit.map(write) } }
      case 'branch': {
        const branch = [{ when: when(shape.met), steps: shape.taken.map(write) }]
        return { id, branch, otherwise: shape.other.map(write) }
      }
      case 'goal':
        return { id, goal: when(shape.met) }
      case 'exit':
        return { id, exit: true }
      default:
        return shape satisfies never
    }
  }
  return { steps: all.map(write), failing }
}

/** Everything that a run ever sent for, delivered as the choices say. */
class World {
  now = START
  paused = false
  state: RunState
  readonly requested: string[] = []
  readonly #program
  /** Timers that are set, and what actions came to; what was delivered may be delivered again. */
  readonly #wakes = new Map<string, Date>()
  readonly #answers: HeldInput[] = []

  constructor(
    steps: readonly Step[],
    private readonly failing: ReadonlySet<string>,
  ) {
    this.#program = programOf(steps)
    this.state = this.#after(begin(this.#context()))
  }

  /** Asks again for the action that failed the run, which succeeds this time; false where none did. */
  redrive(): boolean {
    if (this.state.status !== 'failed' || this.state.at === undefined) return false
    const { step } = this.state.at
    const revived = revive(this.state, step)
    if (revived === null) return false
    this.state = this.#after(revived)
    this.deliver({ kind: 'settled', step, outcome: { kind: 'done' } })
    return true
  }

  get ended(): boolean {
    return this.state.status !== 'running'
  }

  /** Delivers something by chance: due, too early, again, or nothing but a look; or turns the pause on or off. */
  disturb(choice: number): void {
    const inputs: HeldInput[] = [
      ...this.#answers,
      ...[...this.#wakes.keys()].map((step): HeldInput => ({ kind: 'due', step })),
      { kind: 'look' },
    ]
    if (choice % 5 === 0) this.paused = !this.paused
    this.now += (choice % 7) * HOUR
    const input = inputs[choice % inputs.length]
    if (input !== undefined) this.deliver(input)
  }

  /** What happens in good order: the answer, or the timer at its time. */
  goOn(): void {
    this.paused = false
    const answer = this.#answers.at(-1)
    if (answer !== undefined) this.deliver(answer)
    for (const [step, at] of this.#wakes) {
      this.now = Math.max(this.now, at.getTime())
      this.deliver({ kind: 'due', step })
    }
    this.deliver({ kind: 'look' })
  }

  deliver(input: HeldInput): void {
    this.state = this.#after(advance(this.state, input, this.#context()))
  }

  #context(): Context {
    const now = new Date(this.now)
    return { program: this.#program, now, local, facts, paused: this.paused, capReached: () => false }
  }

  #after({ state, outputs }: Advanced): RunState {
    for (const output of outputs) this.#take(output)
    return state
  }

  #take(output: Output): void {
    if (output.kind === 'wake') this.#wakes.set(output.step, output.at)
    if (output.kind === 'cancel-wake') this.#wakes.delete(output.step)
    if (output.kind !== 'request') return
    this.requested.push(output.step)
    const outcome = this.failing.has(output.step)
      ? ({ kind: 'failed', reason: 'gone' } as const)
      : ({ kind: 'done' } as const)
    this.#answers.push({ kind: 'settled', step: output.step, outcome })
  }
}

const finish = (world: World): void => {
  for (let turns = 0; !world.ended && turns < 500; turns += 1) world.goOn()
}

describe('a run, whatever comes late, early, again, out of order or in a pause', () => {
  it('ends in the same state, by the same actions, none of them twice', () => {
    fc.assert(
      fc.property(shapes, fc.array(fc.nat({ max: 1_000 }), { maxLength: 60 }), (all, choices) => {
        const { steps, failing } = written(all)
        const [calm, disturbed] = [new World(steps, failing), new World(steps, failing)]
        finish(calm)
        for (const choice of choices) disturbed.disturb(choice)
        finish(disturbed)
        expect(calm.ended).toBe(true)
        expect(disturbed.state).toEqual(calm.state)
        expect(disturbed.requested).toEqual(calm.requested)
        expect(new Set(disturbed.requested).size).toBe(disturbed.requested.length)
      }),
      { numRuns: 300 },
    )
  })

  it('ends as if nothing had failed when what failed it is asked for again, each action requested once', () => {
    fc.assert(
      fc.property(shapes, fc.array(fc.nat({ max: 1_000 }), { maxLength: 30 }), (all, choices) => {
        const { steps, failing } = written(all)
        const [calm, redriven] = [new World(steps, new Set()), new World(steps, failing)]
        finish(calm)
        for (const choice of choices) redriven.disturb(choice)
        finish(redriven)
        while (redriven.redrive()) finish(redriven)
        expect(redriven.state).toEqual(calm.state)
        expect(redriven.requested).toEqual(calm.requested)
      }),
    )
  })

  it('does nothing any more once it has ended', () => {
    fc.assert(
      fc.property(shapes, fc.array(fc.nat({ max: 1_000 }), { maxLength: 30 }), (all, choices) => {
        const { steps, failing } = written(all)
        const world = new World(steps, failing)
        finish(world)
        const [state, requested] = [world.state, world.requested.length]
        for (const choice of choices) world.disturb(choice)
        expect(world.state).toBe(state)
        expect(world.requested).toHaveLength(requested)
      }),
    )
  })
})
