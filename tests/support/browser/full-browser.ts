/**
 * A browser that sends as many bytes of cookies as possible to the application, in every request.
 * @module
 */
import { FlowBrowser } from './flow-browser'

/** Most bytes that all of the application's cookies may have together. */
const OWN_BYTES = 6_000
/** Bytes of cookies of other applications on the same domain. */
const FOREIGN_BYTES = 2_048

const OWN = /^__Host-(?:session|txn_|link_|connect_)/
const OWN_FILLING = '__Host-txn_filling'
const FOREIGN_FILLING = 'other_application'

/** Adds a cookie of an unfinished sign-in and one of another application, each as long as the limits allow. For TLS only. */
export class FullBrowser extends FlowBrowser {
  constructor(private readonly app: string) {
    super()
  }

  protected override async cookiesFor(url: URL, method: string, origin: string): Promise<string> {
    const held = await super.cookiesFor(url, method, origin)
    if (url.origin !== this.app) return held
    const pairs = held === '' ? [] : held.split('; ')
    return [
      // The filling comes first, as the oldest cookie: if there is no room for all, the application deletes that first.
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

/** Adds a cookie before the others, so that all of them together, with their separators, have `bytes` bytes. */
function filled(name: string, pairs: string[], bytes: number): string[] {
  const missing = bytes - pairs.reduce((sum, pair) => sum + Buffer.byteLength(pair) + 2, 0)
  if (missing < 0) throw new Error(`the browser holds ${-missing} bytes too many: ${pairs.map(nameOf)}`)
  const before = `${name}=`
  const room = missing - before.length - 2
  return room > 0 ? [before + 'x'.repeat(room), ...pairs] : pairs
}

const nameOf = (pair: string) => pair.slice(0, pair.indexOf('='))
