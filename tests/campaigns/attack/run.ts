/**
 * One run of a variant: its browsers, the answers that they received, and the values that steps stored under a name.
 * @module
 */
import type { Visit } from '../../support/browser/browser'
import { FlowBrowser, type Hop } from '../../support/browser/flow-browser'
import type { Flow } from '../../support/flow/flow'
import type { LedgerCall } from '../../support/flow/tenant'

/** The state that the steps of one run share. */
export class Run {
  /** Values by name. A later step refers to one as `$name`. */
  readonly values: Record<string, unknown>
  private readonly browsers = new Map<string, FlowBrowser>()
  private readonly pages = new Map<string, Visit>()
  private readonly others: Hop[] = []
  private lastPage: Visit | undefined

  constructor(
    readonly flow: Flow,
    /** What the application printed; empty if another process started it. */
    readonly output: () => string,
    /** Ids of the application's processes; empty if another process started it. */
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
      // Every run needs a different state, because a flow's name is derived from its state.
      ST: `attack-state-${crypto.randomUUID()}`,
    }
  }

  /** A browser by its name, created on first use. */
  browser(jar = 'B1'): FlowBrowser {
    const known = this.browsers.get(jar) ?? new FlowBrowser()
    this.browsers.set(jar, known)
    return known
  }

  /** Copies the cookies of one browser to another. */
  async copyBrowser(from: string, to: string): Promise<void> {
    this.browsers.set(to, await this.browser(from).copy())
  }

  /** Opens another tab of a browser: it has its own page, and shares the cookies. */
  openTab(of: string, tab: string): void {
    this.browsers.set(tab, this.browser(of))
  }

  /** The current page of a browser. */
  page(jar = 'B1'): Visit {
    const page = this.pages.get(jar)
    if (!page) throw new Error(`the browser ${jar} has no page yet`)
    return page
  }

  /** Records the current page of a browser. */
  come(jar: string | undefined, page: Visit): void {
    this.pages.set(jar ?? 'B1', page)
    this.lastPage = page
  }

  /** The page of the last step. */
  get last(): Visit {
    if (!this.lastPage) throw new Error('no step has opened a page yet')
    return this.lastPage
  }

  /** Records an answer that no browser received. */
  note(hop: Hop): void {
    this.others.push(hop)
  }

  /** Every answer so far. */
  hops(): Hop[] {
    return [...[...new Set(this.browsers.values())].flatMap(({ hops }) => hops), ...this.others]
  }

  /** Requests to the tenant after a certain call. */
  async ledgerSince(n: number): Promise<LedgerCall[]> {
    return (await this.flow.tenant.ledger()).filter((call) => call.n > n)
  }
}
