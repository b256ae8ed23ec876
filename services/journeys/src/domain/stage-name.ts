/** The stages of an account's life, in order. */
export const STAGES = ['onboarding', 'adoption', 'expansion'] as const
export type StageName = (typeof STAGES)[number]
