/**
 * Finds the names in a Prometheus query. Supports only as much of PromQL as the queries in `docs/reference/monitoring` use.
 *
 * @see {@link https://prometheus.io/docs/prometheus/latest/querying/basics/ Querying Prometheus}
 * @module
 */

/** A condition on a label, such as `step="failed"`. */
export interface Matcher {
  label: string
  operator: '=' | '!=' | '=~' | '!~'
  value: string
}

/** What a query reads. */
export interface QueryNames {
  /** The metrics, each with its conditions. */
  selectors: { metric: string; matchers: Matcher[] }[]
  /** Labels that results are grouped by. */
  groupedBy: string[]
}

const FUNCTIONS = new Set(['absent', 'clamp_min', 'increase', 'rate', 'sum'])
const OPERATORS = new Set(['and', 'or', 'by', 'unless'])
const SELECTOR = /([a-zA-Z_:][\w:]*)\s*(\{[^}]*\})?/g
const MATCHER = /([a-zA-Z_]\w*)\s*(=~|!~|!=|=)\s*"([^"]*)"/g

/**
 * Reads a query.
 *
 * @throws {Error} If the query uses a function that is not in `FUNCTIONS`, or has brackets that do not match.
 */
export function namesIn(query: string): QueryNames {
  const groupedBy: string[] = []
  const rest = query
    .replaceAll(/\[[^\]]*\]/g, '')
    // Unwrap Grafana's query for the values of a label.
    .replace(/^label_values\((.+), \w+\)$/, '$1')
    .replaceAll(/\bby\s*\(([^)]*)\)/g, (_all, labels: string) => {
      groupedBy.push(...labels.split(',').map((label) => label.trim()))
      return ''
    })
  assertBalanced(query)
  const selectors: QueryNames['selectors'] = []
  for (const match of rest.matchAll(SELECTOR)) {
    const [whole, name = '', braces = ''] = match
    const end = match.index + whole.length
    if (OPERATORS.has(name) || FUNCTIONS.has(name)) continue
    if (rest.slice(end).trimStart().startsWith('(')) throw new Error(`Unknown function ${name}`)
    const matchers = [...braces.matchAll(MATCHER)].map(([, label = '', operator, value = '']) => ({
      label,
      operator: operator as Matcher['operator'],
      value,
    }))
    const written = matchers.map(({ label, operator, value }) => `${label}${operator}"${value}"`).join(',')
    if (braces && `{${written}}` !== braces.replaceAll(' ', '')) throw new Error(`Unreadable: ${braces}`)
    selectors.push({ metric: name, matchers })
  }
  return { selectors, groupedBy }
}

function assertBalanced(query: string): void {
  const open: string[] = []
  for (const character of query.replaceAll(/"[^"]*"/g, '')) {
    if ('([{'.includes(character)) open.push(character)
    if (')]}'.includes(character) && '([{'.indexOf(open.pop() ?? '') !== ')]}'.indexOf(character))
      throw new Error(`Brackets do not match: ${query}`)
  }
  if (open.length > 0) throw new Error(`Brackets do not match: ${query}`)
}
