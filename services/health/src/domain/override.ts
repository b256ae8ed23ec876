import type { ScoreOverride } from '@banso/contracts'

/** The override that counts at an instant; it ends at its `until`. */
export const inForce = (override: ScoreOverride | null, now: Date): ScoreOverride | null =>
  override && now.getTime() < Date.parse(override.until) ? override : null

/** The score that counts: what a person set in place of what was computed. */
export const effective = (computed: number | null, override: ScoreOverride | null): number | null =>
  override ? override.score : computed

/** Why a person may set a score. */
export const OVERRIDE_REASONS = [
  'heard-from-customer',
  'contract-decision',
  'known-absence',
  'wrong-data',
  'other',
] as const
export type OverrideReason = (typeof OVERRIDE_REASONS)[number]
