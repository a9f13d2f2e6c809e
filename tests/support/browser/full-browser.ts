/**
 * A browser whose cookies for the application are as long as they can be, in every request.
 * @module
 */
import { FlowBrowser } from './flow-browser'

/** Bytes that all cookies of the application may have together, and those that other applications of the domain have beside them. */
const OWN_BYTES = 6_000
const FOREIGN_BYTES = 2_048

const OWN = /^__Host-(?:session|txn_|link_|connect_)/
const OWN_FILLING = '__Host-txn_filling'
const FOREIGN_FILLING = 'other_application'

/** Sends what it holds, filled up with a sign-in under way and with a cookie of another application. Over TLS only. */
export class FullBrowser extends FlowBrowser {
  constructor(private readonly app: string) {
    super()
  }

  protected override async cookiesFor(url: URL, method: string, origin: string): Promise<string> {
    const held = await super.cookiesFor(url, method, origin)
    if (url.origin !== this.app) return held
    const pairs = held === '' ? [] : held.split('; ')
    return [
      // The oldest comes first: when there is no room for others, it is what goes first.
      ...filled(
        OWN_FILLING,
        pairs.filter((pair) => OWN.test(pair)),
        OWN_BYTES,
      ),
      ...filled(
        FOREIGN_FILLING,
        pairs.filter((pair) => !OWN.test(pair)),
        FOREIGN_BYTES,
      ),
    ].join('; ')
  }
}

/** Cookies and one more before them, so that they have so many bytes together, with what is between them. */
function filled(name: string, pairs: string[], bytes: number): string[] {
  const missing = bytes - pairs.reduce((sum, pair) => sum + Buffer.byteLength(pair) + 2, 0)
  if (missing < 0) throw new Error(`the browser holds ${-missing} bytes too many: ${pairs.map(nameOf)}`)
  const before = `${name}=`
  const room = missing - before.length - 2
  return room > 0 ? [before + 'x'.repeat(room), ...pairs] : pairs
}

const nameOf = (pair: string) => pair.slice(0, pair.indexOf('='))
