import { describe, expect, it } from '@jest/globals'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Compile } from 'typebox/compile'
import { parse } from 'yaml'
import { JourneySpec, type Stage } from '../domain/journey.ts'
import { journeyFaults } from './journey-faults.ts'

const title = { en: 'x', ja: 'x' }
const stage = (name: string, given: Partial<Stage> = {}): Stage => ({ name, title, ...given })
const when = (condition: string) => stage('a', { milestones: [{ name: 'm', title, when: { condition } }] })
const next = { activation: {} }
const faultsOf = (...stages: Stage[]) =>
  journeyFaults({ kind: 'Journey', name: 'test', spec: { dormantAfter: 'P28D', stages } }).map(
    ({ pointer, message }) => `${pointer} ${message}`,
  )

describe('a journey', () => {
  it('of the starter set is without fault', () => {
    const file = join(import.meta.dirname, '../../../../deploy/blueprints/starter/journeys/starter.yaml')
    const { spec, ...rest } = parse(readFileSync(file, 'utf8')) as { kind: string; name: string; spec: unknown }
    const schema = Compile(JourneySpec)
    expect(schema.Errors(spec)).toEqual([])
    expect(journeyFaults({ ...rest, spec: schema.Parse(spec) })).toEqual([])
  })

  it('needs a way on from every stage but the last', () => {
    expect(faultsOf(stage('a', { next }), stage('b'))).toEqual([])
    expect(faultsOf(stage('a'), stage('b', { next }))).toEqual([
      '/spec/stages/0 what leads to the next stage (next) is missing',
      '/spec/stages/1/next nothing follows the last stage',
    ])
  })

  it('names stages and milestones once, and milestones that there are', () => {
    const milestones = [
      { name: 'm', title },
      { name: 'm', title, when: { milestones: ['n'] } },
    ]
    expect(faultsOf(stage('a', { next, milestones }), stage('a'))).toEqual([
      '/spec/stages the stage a is there twice',
      '/spec/stages the milestone m is there twice',
      '/spec/stages/0/milestones/1/when/milestones/0 there is no milestone n',
    ])
  })

  it('has milestones that consist of simple ones only', () => {
    const milestones = [
      { name: 'm', title },
      { name: 'both', title, when: { milestones: ['m'] } },
      { name: 'all', title, when: { milestones: ['m', 'both'] } },
    ]
    expect(faultsOf(stage('a', { milestones }))).toEqual([
      '/spec/stages/0/milestones/2/when/milestones/1 both consists of milestones itself: name those',
    ])
  })

  it('goes back only by the criteria that led on', () => {
    const back = { failing: 2, for: 'P28D' }
    expect(faultsOf(stage('a', { next }), stage('b', { back }))).toEqual([
      '/spec/stages/1/back a way back needs a stage before it that ends by expansion-ready',
    ])
    expect(faultsOf(stage('a', { next: { 'expansion-ready': {} } }), stage('b', { back }))).toEqual([])
  })

  it('has durations and weeks that fit each other', () => {
    const weeks = { 'expansion-ready': { weeks: { met: 5, of: 4 } } }
    expect(faultsOf(stage('a', { next: weeks, expected: 'P9D', longest: 'P8D' }), stage('b'))).toEqual([
      '/spec/stages/0/expected it must not be above the longest duration',
      '/spec/stages/0/next/expansion-ready/weeks/met it must not be above the number of weeks',
    ])
  })

  it('has conditions that can be read, of what journeys know', () => {
    expect(faultsOf(when('health.score != null && health.score >= 70.0'))).toEqual([])
    expect(faultsOf(when('health.score >'))[0]).toMatch(/^\/spec\/stages\/0\/milestones\/0\/when\/condition ./)
    expect(faultsOf(when('tickets.open == 0.0'))[0]).toMatch(/journeys know nothing of tickets/)
  })
})
