'use client'

import { useEffect } from 'react'
import { type BrowserLinkingClient, loadAuth0, webAuthOptions } from '../_flow/client'

/**
 * Has auth0.js check the answer that the address brought, and post it to the page that opened this window. The library posts
 * it to our own origin only.
 *
 * @see {@link https://auth0.com/docs/libraries/auth0js auth0.js}
 */
export function HandOver({ client }: { client: BrowserLinkingClient }) {
  useEffect(() => {
    const { hash, pathname } = window.location
    // The tokens are in it. What is read is gone from the address, and from what going back would show.
    history.replaceState(null, '', pathname)
    if (hash) loadAuth0().then(({ WebAuth }) => new WebAuth(webAuthOptions(client)).popup.callback({ hash }))
  }, [client])
  return null
}
