import { PressButton } from '@/components/browser-linking/press-button'
import { RefusedStep } from '@/components/browser-linking/refused-step'
import { StepPanel } from '@/components/browser-linking/step-panel'
import { ButtonLink } from '@/components/ui/button-link'
import { Effects } from '@/components/ui/effects'
import { SIGN_IN_METHODS_PATH } from '@/lib/sign-in-methods/paths'
import type { BrowserLinking } from './_flow/use-browser-linking'
import type { BrowserLinkingWords } from './_flow/words'

interface CurrentStepProps {
  linking: BrowserLinking
  words: BrowserLinkingWords
}

/** Shows what to do now, and the result of the previous step. */
export function CurrentStep({ linking, words }: CurrentStepProps) {
  const { flow, isReady, signIn, cancel, link, startAgain } = linking
  const panel = { step: flow.step, news: <News flow={flow} words={words} /> }
  const isOff = !isReady || flow.isBusy
  const restart = flow.step !== 'first' && !flow.isBusy && (
    <PressButton look="plain" onPress={startAgain}>
      {words.startAgain}
    </PressButton>
  )

  if (flow.step === 'done') {
    const methods = (
      <ButtonLink href={SIGN_IN_METHODS_PATH} look="main">
        {words.methods}
      </ButtonLink>
    )
    return <StepPanel {...panel} title={words.doneStep.title} actions={methods} />
  }
  if (flow.step === 'confirm') {
    const { title, effects, stays, ends, final, act } = words.confirmStep
    const actions = (
      <>
        <PressButton look="main" onPress={link} isOff={isOff}>
          {act}
        </PressButton>
        {restart}
      </>
    )
    return (
      <StepPanel {...panel} title={title} actions={actions}>
        <h3 className="font-bold">{effects}</h3>
        <Effects effects={[stays, ends, words.devices, final]} />
      </StepPanel>
    )
  }
  const { title, what, act } = flow.step === 'first' ? words.firstStep : words.otherStep
  const actions = (
    <>
      <PressButton look="main" onPress={signIn} isOff={isOff}>
        {act}
      </PressButton>
      {flow.isBusy && (
        <PressButton look="plain" onPress={cancel}>
          {words.cancel}
        </PressButton>
      )}
      {restart}
    </>
  )
  return (
    <StepPanel {...panel} title={title} actions={actions}>
      <p>{what}</p>
    </StepPanel>
  )
}

function News({
  flow: { code, isBusy, step },
  words,
}: Pick<CurrentStepProps, 'words'> & Pick<BrowserLinking, 'flow'>) {
  if (code) return <RefusedStep code={code} codeWord={words.code} words={words.errors[code]} />
  if (isBusy) return step === 'confirm' ? words.linking : words.waiting
  const news = {
    first: undefined,
    other: words.otherStep.proven,
    confirm: words.confirmStep.proven,
    done: words.doneStep.what,
  }
  return news[step]
}
