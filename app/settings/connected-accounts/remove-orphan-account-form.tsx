import { Button } from '@/components/ui/button'
import type { Messages } from '@/lib/messages/en'
import { cancelConnect } from './actions'

/** Offers to delete the account that this flow's sign-in created. */
export function RemoveOrphanAccountForm({ messages, flow }: { messages: Messages; flow: string }) {
  const { confirm } = messages.settings
  return (
    <form action={cancelConnect} className="basis-full space-y-2 pt-2">
      <p className="quiet">{confirm.stray}</p>
      <input type="hidden" name="flow" value={flow} />
      <input type="hidden" name="remove" value="1" />
      <Button look="plain">{confirm.remove}</Button>
    </form>
  )
}
