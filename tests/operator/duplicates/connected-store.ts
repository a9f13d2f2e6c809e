import { vi } from 'vitest'
import { createStore } from '@/lib/store/store'
import type { Store } from '@/lib/store/store-contract'

/**
 * A store that is connected to Redis. Its first command may take longer than the half second that a command has, because a
 * test process has much to load.
 */
export async function connectedStore(url: string): Promise<Store> {
  const store = createStore(url)
  await vi.waitFor(() => store.get('connected'), 20_000)
  return store
}
