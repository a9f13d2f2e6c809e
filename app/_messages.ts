import 'server-only'
import { headers } from 'next/headers'
import { config } from '@/lib/config/config'
import { chooseMessages } from '@/lib/messages'
import type { Messages } from '@/lib/messages/en'

/**
 * The sentences of a page, in the language of the person who asks for it.
 *
 * @throws {Error} If the environment is unusable.
 */
export async function pageMessages(): Promise<Messages> {
  // First of all: what reads a request is not rendered by the build, which has no environment.
  const request = { headers: await headers() }
  return chooseMessages(config(), request)
}
