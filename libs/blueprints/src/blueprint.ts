/** A document under version control, as a file or an API carries it. */
export interface Blueprint<Spec = unknown> {
  /** `Scorecard`, `Journey`, `Playbook`, `Content`: each owned by one service. */
  readonly kind: string
  /** Small letters, digits and hyphens, at most 63. */
  readonly name: string
  /** By language: `{ en: …, ja: … }`. */
  readonly title?: Readonly<Record<string, string>>
  readonly spec: Spec
}
