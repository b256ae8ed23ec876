import { type BlueprintFault, blueprintKind } from '@banso/blueprints'
import type { EntityManager } from 'typeorm'
import type { PlaybookDocument } from '../domain/document.ts'
import type { Actions } from '../domain/ports.ts'
import type { ActionSpec } from '../domain/action-spec.ts'
import type { Playbooks } from '../store/playbooks.ts'
import { documentOf } from './document-of.ts'
import { faultsOf, placedSteps } from './faults-of.ts'
import { PLAYBOOK_KIND, type PlaybookSpec, playbookSchema } from './playbook-schema.ts'
import { withoutSecrets } from './without-secrets.ts'

const placedActions = (spec: PlaybookSpec): { action: ActionSpec; pointer: string }[] => [
  ...(spec.action === undefined ? [] : [{ action: spec.action, pointer: '/spec/action' }]),
  ...placedSteps(spec).flatMap(({ step, pointer }) =>
    'action' in step ? [{ action: step.action, pointer: `${pointer}/action` }] : [],
  ),
]

const actionFaults = async (spec: PlaybookSpec, actions: Actions, tx: EntityManager): Promise<BlueprintFault[]> => {
  const faults: BlueprintFault[] = []
  for (const { action, pointer } of placedActions(spec))
    for (const fault of await actions.check(tx, action)) faults.push({ ...fault, pointer: pointer + fault.pointer })
  return faults
}

const impactOf = (document: PlaybookDocument, underWay: number): string[] => [
  ...(underWay === 0 ? [] : [`${underWay} runs under way stay on the version that they started with`]),
  ...(document.enabled ? [] : ['switched off: it starts no runs']),
  ...(document.enabled && document.mode === 'observe' ? ['only observes: what would have run is told'] : []),
]

/** What the kind asks. It is declared before these can be made: they are given once they are there. */
export class PlaybookKindParts {
  #actions: Actions | undefined
  #playbooks: Playbooks | undefined
  #refresh = (): Promise<void> => Promise.resolve()

  give(actions: Actions, playbooks: Playbooks): this {
    this.#actions = actions
    this.#playbooks = playbooks
    return this
  }

  /** What has to be read anew when a version was stored; does not reject. */
  refreshBy(refresh: () => Promise<void>): void {
    this.#refresh = refresh
  }

  refresh(): Promise<void> {
    return this.#refresh()
  }

  get actions(): Actions {
    if (this.#actions === undefined) throw new Error('the kind Playbook was asked before its parts were given')
    return this.#actions
  }

  get playbooks(): Playbooks {
    if (this.#playbooks === undefined) throw new Error('the kind Playbook was asked before its parts were given')
    return this.#playbooks
  }
}

/** The kind `Playbook`. */
export const playbookKind = (parts: PlaybookKindParts) =>
  blueprintKind({
    kind: PLAYBOOK_KIND,
    schema: playbookSchema,
    check: async ({ spec }, tx) => [...faultsOf(spec), ...(await actionFaults(spec, parts.actions, tx))],
    shown: withoutSecrets,
    impact: async (tx, { name, spec }) => impactOf(documentOf(spec), await parts.playbooks.underWay(tx, name)),
    applied: (tx, { name, spec, appliedAt }) => parts.playbooks.introduce(tx, name, documentOf(spec), appliedAt),
    committed: () => parts.refresh(),
  })
