// Which statements of a migration the code of the release before would not survive: it runs on while the next one starts.
import { parse } from 'libpg-query'

export interface Refused {
  readonly statement: string
  readonly why: string
}

type Node = Readonly<Record<string, unknown>>

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && !Array.isArray(value)
const at = (node: unknown, ...path: readonly string[]): unknown =>
  path.reduce<unknown>((inner, name) => (isNode(inner) ? inner[name] : undefined), node)
const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])

/** Of the commands of ALTER TABLE, those that take something away from whoever knows the table as it was. */
const ALTERATIONS: Readonly<Record<string, string>> = {
  AT_DropColumn: 'drops a column',
  AT_AlterColumnType: 'changes the type of a column',
  AT_SetNotNull: 'makes a column NOT NULL',
  AT_AddConstraint: 'adds a constraint, which may refuse what the release before writes',
  AT_DropConstraint: 'drops a constraint, on which an ON CONFLICT may rely',
}

const constraintsOf = (column: unknown): readonly unknown[] =>
  list(at(column, 'constraints')).map((one) => at(one, 'Constraint', 'contype'))

const whyNotAdd = (column: unknown): string | undefined => {
  const kinds = constraintsOf(column)
  if (kinds.includes('CONSTR_PRIMARY') || kinds.includes('CONSTR_UNIQUE')) return 'adds a column that must be unique'
  const filled = ['CONSTR_DEFAULT', 'CONSTR_IDENTITY', 'CONSTR_GENERATED'].some((kind) => kinds.includes(kind))
  return kinds.includes('CONSTR_NOTNULL') && !filled ? 'adds a column that is NOT NULL and has no default' : undefined
}

const whyNotAlter = (command: unknown): string | undefined => {
  const subtype = String(at(command, 'subtype'))
  if (subtype === 'AT_AddColumn') return whyNotAdd(at(command, 'def', 'ColumnDef'))
  if (subtype === 'AT_ColumnDefault') return at(command, 'def') === undefined ? 'drops a default' : undefined
  return ALTERATIONS[subtype]
}

/** Per kind of statement: the table it is about, and why it is refused when that is an older one. */
const JUDGES: Readonly<Record<string, (body: unknown) => { table: unknown; whys: readonly (string | undefined)[] }>> = {
  AlterTableStmt: (body) => ({
    table: at(body, 'relation', 'relname'),
    whys: list(at(body, 'cmds')).map((command) => whyNotAlter(at(command, 'AlterTableCmd'))),
  }),
  IndexStmt: (body) => ({
    table: at(body, 'relation', 'relname'),
    whys: [at(body, 'unique') === true ? 'makes values unique that were not' : undefined],
  }),
  DropStmt: () => ({ table: undefined, whys: ['drops something'] }),
  RenameStmt: (body) => ({ table: at(body, 'relation', 'relname'), whys: ['renames something'] }),
  TruncateStmt: () => ({ table: undefined, whys: ['empties a table'] }),
  DeleteStmt: (body) => ({ table: at(body, 'relation', 'relname'), whys: ['deletes rows'] }),
  DoStmt: () => ({ table: undefined, whys: ['runs a DO block, which cannot be looked into'] }),
}

/** What is not expand-only among the statements of one migration; what it does to tables of its own making is its affair. */
export const refusedAmong = async (statements: readonly string[]): Promise<readonly Refused[]> => {
  const own = new Set<unknown>()
  const refused: Refused[] = []
  for (const statement of statements) {
    const parsed: unknown = await parse(statement)
    for (const one of list(at(parsed, 'stmts')))
      for (const [kind, body] of Object.entries(isNode(one) && isNode(one['stmt']) ? one['stmt'] : {})) {
        if (kind === 'CreateStmt') own.add(at(body, 'relation', 'relname'))
        const judged = JUDGES[kind]?.(body)
        if (!judged || own.has(judged.table)) continue
        refused.push(...judged.whys.flatMap((why) => (why === undefined ? [] : [{ statement, why }])))
      }
  }
  return refused
}

export interface Marked {
  readonly name: string
  /** The expand that it completes, as the migration's class says: `readonly contracts = 'KeepNotes1795392000100'`. */
  readonly contracts: string | undefined
  /** Names of the migrations before it. */
  readonly earlier: readonly string[]
  readonly refused: readonly Refused[]
}

/** Why a migration may not go into a release; undefined: it may. */
export const markFault = ({ name, contracts, earlier, refused }: Marked): string | undefined => {
  const [first] = refused
  if (contracts === undefined)
    return first && `${name} ${first.why}, and is not marked as the contract of an earlier expand: ${first.statement}`
  if (!earlier.includes(contracts)) return `${name} contracts ${contracts}, which is no migration before it`
  return first ? undefined : `${name} is marked as a contract, and takes nothing away`
}
