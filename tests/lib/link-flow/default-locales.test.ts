import { beforeEach, expect, it, vi } from 'vitest'
import { chooseMessages, messagesIn } from '@/lib/messages'
import { APP_ENVIRONMENT } from '../../support/process/app-environment'
import { services } from '../../support/process/services'

beforeEach(() => {
  for (const [name, value] of Object.entries(APP_ENVIRONMENT)) vi.stubEnv(name, value)
})

it("uses the tenant's default language for people whose own languages are missing", async () => {
  const all = services()
  vi.spyOn(all.brands, 'atHand').mockReturnValue({
    ...all.brands.atHand(),
    enabledLocales: ['xx', 'fr-FR', 'en'],
  })
  const languageFor = async (accepted: string) =>
    (await chooseMessages(all, { headers: new Headers({ 'accept-language': accepted }) })).language
  expect(await languageFor('xx, *')).toBe('fr')
  expect(await languageFor('de')).toBe('de')
  expect((await messagesIn(all, undefined)).language).toBe('fr')
})
