import { unstable_rethrow } from 'next/navigation'

/** One way to sign in. */
export interface SignInMethod {
  provider: string
  connection: string
  /** What people call it. */
  label: string
  /** Whether it is the one by which applications know the person. */
  primary: boolean
  /** ISO 8601; null if it is not known. */
  linked_at: string | null
}

/** Longest wait for token and list together, in milliseconds: a menu must not wait longer. */
const TIMEOUT_MS = 2_000

/**
 * Reads the sign-in methods of the person who is signed in.
 *
 * @param getAccessToken - Gives their access token for the API `baseUrl/api`, with the scope `read:sign_in_methods`.
 * @param baseUrl - Origin of the account linking service, without a slash at the end.
 * @returns Undefined if there is no list within two seconds, whatever the reason.
 */
export async function readSignInMethods(
  getAccessToken: () => Promise<string>,
  baseUrl: string,
): Promise<SignInMethod[] | undefined> {
  const signal = AbortSignal.timeout(TIMEOUT_MS)
  const late = new Promise<undefined>((resolve) => signal.addEventListener('abort', () => resolve(undefined)))
  return Promise.race([ask(getAccessToken, baseUrl, signal), late])
}

async function ask(
  getAccessToken: () => Promise<string>,
  baseUrl: string,
  signal: AbortSignal,
): Promise<SignInMethod[] | undefined> {
  try {
    const token = await getAccessToken()
    const response = await fetch(`${baseUrl}/api/sign-in-methods`, {
      // Labels are in English, like the component. For another language, add `accept-language` here.
      headers: { authorization: `Bearer ${token}` },
      cache: 'no-store',
      redirect: 'error',
      signal,
    })
    if (!response.ok) return undefined
    const { methods } = (await response.json()) as { methods?: unknown }
    return Array.isArray(methods) && methods.every(isMethod) ? methods : undefined
  } catch (error) {
    // A redirect to the sign-in is Next.js's to carry out.
    unstable_rethrow(error)
    return undefined
  }
}

function isMethod(value: unknown): value is SignInMethod {
  const { label, linked_at: linkedAt } = Object(value)
  return typeof label === 'string' && (linkedAt === null || !Number.isNaN(Date.parse(linkedAt)))
}
