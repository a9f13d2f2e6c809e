import 'server-only'
import { headers } from 'next/headers'
import type { LanguageFormView } from '@/components/ui/language-form'
import { chooseMessages } from '@/lib/messages'
import type { Messages } from '@/lib/messages/en'
import { languageForm } from '@/lib/messages/language-form'
import { linkFlowServices } from './_services'
import { PAGE_QUERY } from './page-query'

/**
 * The sentences for the page that is being rendered, in the language of the person who requests it.
 *
 * @throws {Error} If the environment is unusable.
 */
export async function pageMessages(): Promise<Messages> {
  // Call this first: Next.js then does not render the page during the build, in which there is no environment.
  const own = await headers()
  const url = new URL(linkFlowServices().appBaseUrl)
  url.search = own.get(PAGE_QUERY) ?? ''
  return chooseMessages(linkFlowServices(), { headers: own, url: url.href })
}

/**
 * The form that shows the page in another language.
 *
 * @param messages - The page's sentences.
 */
export async function pageLanguages(messages: Messages): Promise<LanguageFormView | undefined> {
  return languageForm(messages, new URLSearchParams((await headers()).get(PAGE_QUERY) ?? ''))
}
