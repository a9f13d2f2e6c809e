import type { ReactNode } from 'react'

/** The names of all provider icons. */
export type ProviderIconName =
  | 'amazon'
  | 'apple'
  | 'email'
  | 'enterprise'
  | 'facebook'
  | 'github'
  | 'google'
  | 'linkedin'
  | 'microsoft'
  | 'other'
  | 'passkey'
  | 'password'
  | 'phone'
  | 'slack'
  | 'x'

const OUTLINE = { fill: 'none', stroke: 'currentColor', strokeWidth: 2, strokeLinejoin: 'round' } as const

const ICONS: Record<ProviderIconName, ReactNode> = {
  google: (
    <>
      <path
        fill="#4285F4"
        d="M21.6 12.2c0-.7-.1-1.4-.2-2H12v3.9h5.4a4.6 4.6 0 0 1-2 3v2.5h3.2c1.9-1.7 3-4.3 3-7.4Z"
      />
      <path
        fill="#34A853"
        d="M12 22c2.7 0 5-.9 6.6-2.4l-3.2-2.5c-.9.6-2 1-3.4 1-2.6 0-4.8-1.8-5.6-4.1H3.1v2.6A10 10 0 0 0 12 22Z"
      />
      <path fill="#FBBC05" d="M6.4 14a6 6 0 0 1 0-3.9V7.5H3.1a10 10 0 0 0 0 9l3.3-2.5Z" />
      <path
        fill="#EA4335"
        d="M12 6c1.5 0 2.8.5 3.8 1.5l2.9-2.8A10 10 0 0 0 3.1 7.5l3.3 2.6C7.2 7.7 9.4 6 12 6Z"
      />
    </>
  ),
  github: (
    <path
      fill="currentColor"
      d="M12 2a10 10 0 0 0-3.2 19.5c.5.1.7-.2.7-.5v-1.7c-2.8.6-3.4-1.3-3.4-1.3-.5-1.2-1.1-1.5-1.1-1.5-.9-.6.1-.6.1-.6 1 .1 1.5 1 1.5 1 .9 1.5 2.4 1.1 2.9.8.1-.6.4-1.1.6-1.3-2.2-.3-4.6-1.1-4.6-5 0-1.1.4-2 1-2.7-.1-.3-.4-1.3.1-2.7 0 0 .8-.3 2.8 1a9.6 9.6 0 0 1 5 0c1.9-1.3 2.7-1 2.7-1 .6 1.4.2 2.4.1 2.7.7.7 1 1.6 1 2.7 0 3.9-2.3 4.7-4.6 5 .4.3.7.9.7 1.9V21c0 .3.2.6.7.5A10 10 0 0 0 12 2Z"
    />
  ),
  apple: (
    <path
      fill="currentColor"
      d="M16.4 12.7c0-2.2 1.8-3.2 1.9-3.3-1-1.5-2.6-1.7-3.2-1.7-1.3-.1-2.6.8-3.3.8-.7 0-1.7-.8-2.8-.8-1.5 0-2.8.8-3.6 2.1-1.5 2.7-.4 6.6 1.1 8.8.7 1 1.6 2.2 2.7 2.2 1.1 0 1.5-.7 2.8-.7s1.7.7 2.8.7c1.2 0 1.9-1.1 2.6-2.1.8-1.2 1.2-2.4 1.2-2.4s-2.2-.9-2.2-3.6ZM14.2 6.2c.6-.7 1-1.7.9-2.7-.9 0-1.9.6-2.5 1.3-.6.6-1 1.6-.9 2.6 1 .1 2-.5 2.5-1.2Z"
    />
  ),
  facebook: (
    <path
      fill="#1877F2"
      d="M22 12a10 10 0 1 0-11.6 9.9v-7H7.9V12h2.5V9.8c0-2.5 1.5-3.9 3.8-3.9 1.1 0 2.2.2 2.2.2v2.5h-1.2c-1.3 0-1.6.8-1.6 1.6V12h2.7l-.4 2.9h-2.3v7A10 10 0 0 0 22 12Z"
    />
  ),
  linkedin: (
    <path
      fill="#0A66C2"
      d="M20.4 2H3.6C2.7 2 2 2.7 2 3.6v16.8c0 .9.7 1.6 1.6 1.6h16.8c.9 0 1.6-.7 1.6-1.6V3.6c0-.9-.7-1.6-1.6-1.6ZM8 19H5V9.7h3V19ZM6.5 8.3a1.7 1.7 0 1 1 0-3.4 1.7 1.7 0 0 1 0 3.4ZM19 19h-3v-4.5c0-1.1 0-2.5-1.5-2.5s-1.7 1.2-1.7 2.4V19h-3V9.7h2.8V11c.4-.8 1.4-1.5 2.8-1.5 3 0 3.6 2 3.6 4.5V19Z"
    />
  ),
  microsoft: (
    <>
      <path fill="#F25022" d="M3 3h8.5v8.5H3Z" />
      <path fill="#7FBA00" d="M12.5 3H21v8.5h-8.5Z" />
      <path fill="#00A4EF" d="M3 12.5h8.5V21H3Z" />
      <path fill="#FFB900" d="M12.5 12.5H21V21h-8.5Z" />
    </>
  ),
  x: (
    <path
      fill="currentColor"
      d="M17.8 3h3.1l-6.8 7.7 8 10.3h-6.2l-4.9-6.3L5.4 21H2.3l7.2-8.2L1.9 3h6.4l4.4 5.8L17.8 3Zm-1.1 16.2h1.7L7.4 4.7H5.6l11.1 14.5Z"
    />
  ),
  amazon: (
    <>
      <path
        fill="currentColor"
        d="M13.7 9.2v-.6c0-1.3-.6-1.9-1.8-1.9-1.1 0-1.8.5-2 1.5l-2.3-.3C7.9 5.8 9.5 4.7 12 4.7c2.7 0 4.1 1.3 4.1 3.7v4.3c0 .8.2 1.2.8 1.9l-1.7 1.5c-.6-.5-1-1-1.2-1.5-.8.9-1.7 1.4-3 1.4-2 0-3.4-1.2-3.4-3.1 0-2.4 1.9-3.6 6.1-3.7Zm0 1.8c-2.6 0-3.7.6-3.7 1.8 0 .8.5 1.3 1.4 1.3 1.3 0 2.3-.9 2.3-2.3V11Z"
      />
      <path
        fill="#F90"
        d="M3 16.9c2.6 1.8 5.6 2.7 8.9 2.7 2.3 0 4.9-.5 7.2-1.5.4-.2.7.3.3.5-2 1.5-5 2.3-7.6 2.3-3.6 0-6.7-1.3-9.1-3.5-.2-.3 0-.6.3-.5Zm15.6-.8c.9-.1 2-.1 2.3.2.3.4-.1 2.1-.8 3.2-.2.2-.4.1-.3-.1.3-.7.8-2.2.6-2.5-.2-.3-1.2-.2-1.8-.1-.2 0-.3-.2 0-.3Z"
      />
    </>
  ),
  slack: (
    <>
      <path
        fill="#E01E5A"
        d="M6.2 14.6a2.1 2.1 0 1 1-2.1-2.1h2.1v2.1Zm1 0a2.1 2.1 0 0 1 4.2 0v5.3a2.1 2.1 0 0 1-4.2 0v-5.3Z"
      />
      <path
        fill="#36C5F0"
        d="M9.3 6.2a2.1 2.1 0 1 1 2.1-2.1v2.1H9.3Zm0 1.1a2.1 2.1 0 0 1 0 4.2H4.1a2.1 2.1 0 1 1 0-4.2h5.2Z"
      />
      <path
        fill="#2EB67D"
        d="M17.7 9.4a2.1 2.1 0 1 1 2.1 2.1h-2.1V9.4Zm-1 0a2.1 2.1 0 0 1-4.2 0V4.1a2.1 2.1 0 1 1 4.2 0v5.3Z"
      />
      <path
        fill="#ECB22E"
        d="M14.6 17.8a2.1 2.1 0 1 1-2.1 2.1v-2.1h2.1Zm0-1.1a2.1 2.1 0 0 1 0-4.2h5.3a2.1 2.1 0 1 1 0 4.2h-5.3Z"
      />
    </>
  ),
  passkey: (
    <g {...OUTLINE}>
      <circle cx="8" cy="8" r="4" />
      <path d="M2 20c0-3.3 2.7-6 6-6 1.2 0 2.3.4 3.2 1" />
      <circle cx="17.5" cy="10.5" r="3.5" />
      <path d="M17.5 14v7l2-1.5-1.2-1.5 1.2-1.5" />
    </g>
  ),
  other: (
    <g {...OUTLINE}>
      <circle cx="12" cy="8.5" r="4" />
      <path d="M4 21c0-4 3.6-6.5 8-6.5s8 2.5 8 6.5" />
    </g>
  ),
  email: (
    <g {...OUTLINE}>
      <rect x="3" y="5" width="18" height="14" rx="2.5" />
      <path d="m4 7.5 8 5.5 8-5.5" />
    </g>
  ),
  password: <path {...OUTLINE} d="M4 11h16v10H4ZM8 11V7.5a4 4 0 0 1 8 0V11m-4 4v2" />,
  phone: (
    <g {...OUTLINE}>
      <rect x="6.5" y="2.5" width="11" height="19" rx="2.5" />
      <path d="M11 18.5h2" />
    </g>
  ),
  enterprise: (
    <g {...OUTLINE}>
      <path d="M4 21V5.5L13 3v18M13 9h7v12M3 21h18M7.5 8.5h2M7.5 12.5h2M7.5 16.5h2M16.5 13h.5M16.5 17h.5" />
    </g>
  ),
}

/** The icons of Auth0's strategies. Strategies that are not listed here get the icon `enterprise`. */
const BY_STRATEGY: Record<string, ProviderIconName> = {
  amazon: 'amazon',
  apple: 'apple',
  auth0: 'password',
  email: 'email',
  facebook: 'facebook',
  github: 'github',
  'google-apps': 'google',
  'google-oauth2': 'google',
  linkedin: 'linkedin',
  oauth1: 'other',
  oauth2: 'other',
  office365: 'microsoft',
  passkey: 'passkey',
  sms: 'phone',
  twitter: 'x',
  waad: 'microsoft',
  windowslive: 'microsoft',
}

/** The icons of providers that Auth0 offers only as custom connections, by the connection names that Auth0's catalog suggests. */
const BY_CONNECTION: Record<string, ProviderIconName> = { slack: 'slack', 'sign-in-with-slack': 'slack' }

/**
 * Chooses the icon of a sign-in method.
 *
 * @param strategy - The strategy of the connection, such as `google-oauth2`.
 * @param connection - The connection's name, if it is known.
 * @see {@link https://auth0.com/docs/authenticate/identity-providers Auth0, identity providers}
 */
export function iconOf(strategy: string, connection?: string): ProviderIconName {
  const own = strategy === 'oauth2' && connection ? connection.toLowerCase() : ''
  if (Object.hasOwn(BY_CONNECTION, own)) return BY_CONNECTION[own] as ProviderIconName
  return Object.hasOwn(BY_STRATEGY, strategy) ? (BY_STRATEGY[strategy] as ProviderIconName) : 'enterprise'
}

/** Shows a provider's icon. Screen readers skip the icon, because the provider's name is beside it. */
export function ProviderIcon({ name }: { name: ProviderIconName }) {
  return (
    <svg viewBox="0 0 24 24" aria-hidden="true">
      {ICONS[name]}
    </svg>
  )
}
