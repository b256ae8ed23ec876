import type { Standing } from './decide.ts'
import type { PlaybookDocument } from './document.ts'
import type { Control } from './ports.ts'

/** A document with what people said beside it. `activeSince`: when a document first made it active. */
export const standingOf = (
  { mode }: PlaybookDocument,
  control: Control | undefined,
  activeSince: Date | null,
): Standing => {
  const since = [activeSince, control?.activatedAt ?? null].filter((date) => date !== null)
  return {
    mode: control?.mode ?? mode,
    paused: control?.paused ?? false,
    activeSince: since.toSorted((a, b) => a.getTime() - b.getTime())[0] ?? null,
  }
}
