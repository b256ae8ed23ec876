import { Column, Entity, PrimaryColumn } from 'typeorm'

/** A name of a kind, and its newest version; 0 while the first one is being stored. */
@Entity('blueprint')
export class BlueprintRow {
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'blueprint_pkey' })
  kind!: string

  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'blueprint_pkey' })
  name!: string

  @Column({ name: 'latest_version', type: 'integer' })
  latestVersion!: number
}

@Entity('blueprint_version')
export class BlueprintVersionRow {
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'blueprint_version_pkey' })
  kind!: string

  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'blueprint_version_pkey' })
  name!: string

  @PrimaryColumn({ type: 'integer', primaryKeyConstraintName: 'blueprint_version_pkey' })
  version!: number

  /** `title` and `spec`, in the order they were written in (jsonb would forget it). */
  @Column({ type: 'json' })
  document!: object

  @Column({ name: 'applied_at', type: 'timestamptz' })
  appliedAt!: Date
}

/** The blueprint tables of a service's database; it adds them and `blueprintMigrations` to its own. */
export const blueprintEntities = [BlueprintRow, BlueprintVersionRow]
