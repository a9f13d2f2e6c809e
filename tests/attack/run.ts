/**
 * One run of a case: browsers, what they were answered, and names that steps give to values.
 * @module
 */
import type { Visit } from '../support/browser'
import type { Flow } from '../support/flow'
import { FlowBrowser, type Hop } from '../support/flow-browser'
import type { LedgerCall } from '../support/flow-tenant'

/** A browser whose answers are looked at by the case. */
export class Run {
  /** `$name` in later steps. */
  readonly values: Record<string, unknown>
  private readonly browsers = new Map<string, FlowBrowser>()
  private readonly pages = new Map<string, Visit>()
  private readonly others: Hop[] = []
  private lastPage: Visit | undefined

  constructor(
    readonly flow: Flow,
    /** What the application printed; nothing where it was started by others. */
    readonly output: () => string,
    /** The application's processes; none where it was started by others. */
    readonly pids: () => number[] = () => [],
  ) {
    const { app, tenant, tls, other } = flow.demo
    this.values = {
      ...{ APP: app, TENANT: tenant, TLS: tls, OTHER: other },
      TLSHOST: new URL(tls).host,
      // The application's address with the scheme that it does not have.
      WRONG_SCHEME: app.startsWith('https:')
        ? app.replace('https:', 'http:')
        : app.replace('http:', 'https:'),
      // Of this run only: a flow is named after its state.
      ST: `attack-state-${crypto.randomUUID()}`,
    }
  }

  /** A browser by its name; there is always one. */
  browser(jar = 'B1'): FlowBrowser {
    const known = this.browsers.get(jar) ?? new FlowBrowser()
    this.browsers.set(jar, known)
    return known
  }

  /** Takes the cookies of one browser for another. */
  async copyBrowser(from: string, to: string): Promise<void> {
    this.browsers.set(to, await this.browser(from).copy())
  }

  /** Another tab of a browser: its pages are its own, its cookies are not. */
  openTab(of: string, tab: string): void {
    this.browsers.set(tab, this.browser(of))
  }

  /** The page that a browser has come to. */
  page(jar = 'B1'): Visit {
    const page = this.pages.get(jar)
    if (!page) throw new Error(`the browser ${jar} has come nowhere yet`)
    return page
  }

  /** Notes where a browser has come to. */
  come(jar: string | undefined, page: Visit): void {
    this.pages.set(jar ?? 'B1', page)
    this.lastPage = page
  }

  /** Where the last step came to. */
  get last(): Visit {
    if (!this.lastPage) throw new Error('no step has come anywhere yet')
    return this.lastPage
  }

  /** Notes an answer that no browser got. */
  note(hop: Hop): void {
    this.others.push(hop)
  }

  /** Every answer so far. */
  hops(): Hop[] {
    return [...[...new Set(this.browsers.values())].flatMap(({ hops }) => hops), ...this.others]
  }

  /** What the tenant was asked since a call. */
  async ledgerSince(n: number): Promise<LedgerCall[]> {
    return (await this.flow.tenant.ledger()).filter((call) => call.n > n)
  }
}
