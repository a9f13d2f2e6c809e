/**
 * Parser for the parameter `q` of `GET /api/v2/users`: the part of Lucene's query syntax that Auth0's user search accepts.
 * @module
 */

/** What a field is compared with. */
export type Criterion =
  | { kind: 'exists' }
  | { kind: 'text'; text: string }
  | { kind: 'pattern'; pattern: string }
  | { kind: 'range'; from: Bound; to: Bound }

/** One end of a range. `*` leaves it open. */
export interface Bound {
  text: string
  isIncluded: boolean
}

/** A query: one comparison (with every default field if it names none), or a combination of queries. */
export type UserQuery =
  | { kind: 'all' }
  | { kind: 'term'; field: string | null; criterion: Criterion }
  | { kind: 'or'; queries: UserQuery[] }
  | { kind: 'group'; required: UserQuery[]; excluded: UserQuery[]; optional: UserQuery[] }

/** Thrown for a query with a syntax error. */
export class UserQueryError extends Error {
  override readonly name = 'UserQueryError'
}

type Mark = 'required' | 'excluded' | null

/** One term of a list, with the operator that joins it to the term before and the sign in front of it. */
interface Clause {
  joined: 'and' | 'or' | null
  mark: Mark
  query: UserQuery
}

/** A word without quotation marks. A backslash escapes the next character. */
const WORD = /(?:\\[\s\S]|[^\s\\()[\]{}":^~])+/y

/** Operators. They can be search terms only in quotation marks. */
const OPERATORS = ['AND', 'OR', 'NOT', '&&', '||']

/**
 * Parses a query. `AND` binds tighter than `OR`. Terms without an operator between them are alternatives. If such a term is
 * marked by `+`, `-`, `!` or `NOT`, it applies to the whole list, as in Lucene.
 *
 * @param text - For example `email:"a@example.com" AND email_verified:true -user_id:"auth0|1"`.
 * @throws {UserQueryError} If the text is not a valid query.
 * @see https://auth0.com/docs/manage-users/user-search/user-search-query-syntax
 */
export function parseUserQuery(text: string): UserQuery {
  const reader = new Reader(text)
  const query = listOf(reader, null)
  if (!reader.isAtEnd()) throw reader.error()
  return query
}

function listOf(reader: Reader, field: string | null): UserQuery {
  const clauses: Clause[] = []
  for (;;) {
    reader.skipBlanks()
    if (reader.isAtEnd() || reader.peek() === ')') break
    const joined = reader.takeWord({ AND: 'and', '&&': 'and', OR: 'or', '||': 'or' } as const)
    if (joined !== null && clauses.length === 0) throw reader.error()
    clauses.push({ joined, ...markedTerm(reader, field) })
  }
  if (clauses.length === 0) throw reader.error()
  return combined(clauses)
}

function markedTerm(reader: Reader, field: string | null): { mark: Mark; query: UserQuery } {
  reader.skipBlanks()
  const word = reader.takeWord({ NOT: 'excluded' } as const)
  const sign =
    word === null ? reader.takeSign({ '+': 'required', '-': 'excluded', '!': 'excluded' } as const) : null
  return { mark: word ?? sign, query: termOf(reader, field) }
}

function termOf(reader: Reader, outer: string | null): UserQuery {
  reader.skipBlanks()
  if (reader.take('(')) return closed(reader, outer)
  if (reader.peek() === '"' || reader.peek() === '[' || reader.peek() === '{') {
    return { kind: 'term', field: outer, criterion: criterionOf(reader) }
  }
  const start = reader.position
  const word = reader.takePattern(WORD)
  if (!reader.take(':')) {
    reader.position = start
    if (OPERATORS.includes(word)) throw reader.error()
    return { kind: 'term', field: outer, criterion: criterionOf(reader) }
  }
  const field = unescaped(word)
  if (field === '_exists_') {
    return { kind: 'term', field: unescaped(reader.takePattern(WORD)), criterion: { kind: 'exists' } }
  }
  reader.skipBlanks()
  if (reader.take('(')) return closed(reader, field)
  const criterion = criterionOf(reader)
  return field === '*' ? { kind: 'all' } : { kind: 'term', field, criterion }
}

function closed(reader: Reader, field: string | null): UserQuery {
  const query = listOf(reader, field)
  if (!reader.take(')')) throw reader.error()
  return query
}

function criterionOf(reader: Reader): Criterion {
  if (reader.peek() === '"')
    return { kind: 'text', text: unescaped(reader.takePattern(/"((?:\\[\s\S]|[^"\\])*)"/y)) }
  if (reader.peek() === '[' || reader.peek() === '{') return rangeOf(reader)
  const word = reader.takePattern(WORD)
  if (word === '*') return { kind: 'exists' }
  if (/(?<!\\)(?:\\\\)*[*?]/.test(word)) {
    // If a pattern begins with a wildcard, Auth0 requires at least three other characters.
    if (word.startsWith('*') && word.replace(/[*?]/g, '').length < 3) throw reader.error()
    return { kind: 'pattern', pattern: word }
  }
  return { kind: 'text', text: unescaped(word) }
}

function rangeOf(reader: Reader): Criterion {
  const text = reader.takePattern(/[[{]\s*(?:"[^"]*"|[^\s\]}]+)\s+TO\s+(?:"[^"]*"|[^\s\]}]+)\s*[\]}]/y)
  const [, opening, from = '', to = '', closing] =
    /^([[{])\s*("[^"]*"|\S+)\s+TO\s+("[^"]*"|[^\s\]}]+)\s*([\]}])$/.exec(text) ?? []
  const plain = (bound: string) => bound.replace(/^"(.*)"$/, '$1')
  return {
    kind: 'range',
    from: { text: plain(from), isIncluded: opening === '[' },
    to: { text: plain(to), isIncluded: closing === ']' },
  }
}

/** Combines the clauses of a list into one query. */
function combined(clauses: Clause[]): UserQuery {
  // A marked clause that no AND or OR joins applies to the whole list.
  const isLoose = ({ mark, joined }: Clause, index: number) =>
    clauses.length > 1 && mark !== null && joined === null && (clauses[index + 1]?.joined ?? null) === null
  const loose = clauses.filter(isLoose)
  const kept = clauses.filter((clause, index) => !isLoose(clause, index))
  const alternatives: Clause[][] = []
  for (const clause of kept) {
    const last = alternatives.at(-1)
    if (last === undefined || clause.joined === 'or') alternatives.push([clause])
    else last.push(clause)
  }
  const queries = alternatives.map(groupOf)
  const [only] = queries
  const main = only !== undefined && queries.length === 1 ? only : ({ kind: 'or', queries } as const)
  if (loose.length === 0) return main
  return {
    kind: 'group',
    required: [...(kept.length > 0 ? [main] : []), ...marked(loose, 'required')],
    excluded: marked(loose, 'excluded'),
    optional: [],
  }
}

/** Combines clauses without an OR between them. Clauses joined by AND are required; the others are alternatives. */
function groupOf(clauses: Clause[]): UserQuery {
  const isJoined = (index: number) => clauses[index]?.joined === 'and' || clauses[index + 1]?.joined === 'and'
  const annotated = clauses.map((clause, index) => ({ ...clause, isJoined: isJoined(index) }))
  return {
    kind: 'group',
    required: annotated
      .filter(({ mark, isJoined }) => mark === 'required' || (mark === null && isJoined))
      .map(({ query }) => query),
    excluded: marked(clauses, 'excluded'),
    optional: annotated.filter(({ mark, isJoined }) => mark === null && !isJoined).map(({ query }) => query),
  }
}

const marked = (clauses: Clause[], wanted: Mark) =>
  clauses.filter(({ mark }) => mark === wanted).map(({ query }) => query)

/** Removes the backslashes that escape a character. */
export function unescaped(text: string): string {
  return text.replace(/\\([\s\S])/g, '$1')
}

/** Reads a text from left to right. */
class Reader {
  position = 0

  constructor(readonly text: string) {}

  isAtEnd(): boolean {
    return this.position >= this.text.length
  }

  peek(): string | undefined {
    return this.text[this.position]
  }

  skipBlanks(): void {
    while (/\s/.test(this.peek() ?? '')) this.position += 1
  }

  take(sign: string): boolean {
    if (this.peek() !== sign) return false
    this.position += 1
    return true
  }

  /** Reads one of the words, if it stands alone at this position. */
  takeWord<Meaning>(words: Record<string, Meaning>): Meaning | null {
    for (const [word, meaning] of Object.entries(words)) {
      const end = this.position + word.length
      if (!this.text.startsWith(word, this.position) || !/^[\s(]?$/.test(this.text[end] ?? '')) continue
      this.position = end
      return meaning
    }
    return null
  }

  takeSign<Meaning>(signs: Record<string, Meaning>): Meaning | null {
    const meaning = signs[this.peek() ?? '']
    if (meaning === undefined) return null
    this.position += 1
    return meaning
  }

  /** Reads what a sticky pattern matches and returns its first group, or the whole match. */
  takePattern(pattern: RegExp): string {
    pattern.lastIndex = this.position
    const match = pattern.exec(this.text)
    if (!match) throw this.error()
    this.position += match[0].length
    return match[1] ?? match[0]
  }

  error(): UserQueryError {
    return new UserQueryError(`Failed to parse query [${this.text}] at character ${this.position + 1}.`)
  }
}
