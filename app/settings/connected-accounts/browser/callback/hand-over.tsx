'use client'

import { useEffect } from 'react'
import { type BrowserLinkingClient, loadAuth0, webAuthOptions } from '../_flow/client'

/**
 * Passes the response in the URL's fragment to auth0.js, which checks it and posts it to the page that opened this window.
 * auth0.js posts it to our own origin only.
 *
 * @see {@link https://auth0.com/docs/libraries/auth0js auth0.js}
 */
export function HandOver({ client }: { client: BrowserLinkingClient }) {
  useEffect(() => {
    const { hash, pathname } = window.location
    // The fragment holds the tokens, so remove it from the URL and from the browser's history.
    history.replaceState(null, '', pathname)
    if (hash) loadAuth0().then(({ WebAuth }) => new WebAuth(webAuthOptions(client)).popup.callback({ hash }))
  }, [client])
  return null
}
