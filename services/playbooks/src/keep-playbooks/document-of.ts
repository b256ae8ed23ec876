import type { Band } from '@banso/contracts'
import { ProblemError } from '@banso/platform'
import type { PlaybookDocument, Trigger } from '../domain/playbook.ts'
import { targetFault, type TargetPolicy } from '../send-webhook/targets.ts'
import { BandChangedDto, BANDS, type PlaybookDto, ScoreMovedDto, type TriggerDto } from './playbook.dto.ts'

// In one order, so that the same set of bands is the same document.
const ordered = (bands: readonly Band[]): Band[] => BANDS.filter((band) => bands.includes(band))

const triggerOf = (trigger: TriggerDto): Trigger => {
  if (trigger instanceof ScoreMovedDto) {
    const { by, direction } = trigger
    return { on: 'score-moved', by, ...(direction ? { direction } : {}) }
  }
  const { to, from } = trigger instanceof BandChangedDto ? trigger : new BandChangedDto()
  return { on: 'band-changed', ...(to ? { to: ordered(to) } : {}), ...(from ? { from: ordered(from) } : {}) }
}

/** The document as it is stored; the same meaning gives the same document. */
export const documentOf = (dto: PlaybookDto, policy: TargetPolicy): PlaybookDocument => {
  const message = targetFault(dto.action.url, policy)
  if (message !== null)
    throw new ProblemError({
      code: 'VALIDATION_FAILED',
      status: 400,
      detail: 'the webhook cannot go to this target',
      errors: [{ pointer: '/action/url', message: `url ${message}` }],
    })
  return {
    enabled: dto.enabled,
    trigger: triggerOf(dto.trigger),
    action: { kind: 'webhook', url: new URL(dto.action.url).href },
    dedupe: dto.dedupe,
    ...(dto.coolDown ? { coolDown: dto.coolDown } : {}),
  }
}
