import { Download, ShieldCheck } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { sentenceOf } from '../../hub/problem.ts';
import { Button } from '../../ui/button.tsx';
import { Field } from '../../ui/field.tsx';
import { Notice } from '../../ui/notice.tsx';
import { useToasts } from '../../ui/toasts.tsx';
import { useWork } from '../../ui/use-work.ts';
import { Section } from '../parts/page-head.tsx';
import { Secret } from '../parts/secret.tsx';
import { chainPages, checkChain, readHead, type ChainVerdict } from './chain.ts';
import { saveLines } from './save-lines.ts';

/** Proves that nothing in the log was changed, and takes it along. */
export function ChainSection() {
  const { say } = useToasts();
  const [noted, setNoted] = useState('');
  const [checked, setChecked] = useState(0);
  const [verdict, setVerdict] = useState<ChainVerdict>();
  const over = useRef<AbortController>(undefined);
  useEffect(() => {
    const controller = new AbortController();
    over.current = controller;
    return () => controller.abort();
  }, []);
  const signal = (): AbortSignal => over.current?.signal ?? AbortSignal.abort();
  const head = readHead(noted);
  const wrong = noted.trim() !== '' && head === undefined;
  const check = useWork(async () => {
    setVerdict(undefined);
    setChecked(0);
    setVerdict(await checkChain(signal(), setChecked, head));
  });
  const save = useWork(async () => {
    const count = await saveLines(chainPages(signal()), 'parley-audit.jsonl');
    say(`${count.toLocaleString()} entries were saved.`);
  });
  const error = check.error ?? save.error;
  return (
    <Section
      title="The chain"
      about="Every entry is sealed with the one before it. The check makes all seals anew in your browser, and believes nothing of the hub. Reading the whole log is noted in it."
      actions={
        <>
          <Button disabled={save.busy} onClick={() => void save.run()}>
            <Download aria-hidden size={15} /> {save.busy ? 'Saving…' : 'Export'}
          </Button>
          <Button disabled={check.busy || wrong} onClick={() => void check.run()}>
            <ShieldCheck aria-hidden size={15} /> Check the chain
          </Button>
        </>
      }
    >
      <div className="chain">
        <Field
          label="A head that you noted before"
          placeholder="SEQ:HASH"
          spellCheck={false}
          autoComplete="off"
          value={noted}
          onChange={(event) => setNoted(event.target.value)}
          hint="If you have one: then it is also found out whether somebody wrote the whole chain anew."
          error={wrong ? 'It must be what an earlier check told: a number, a colon and a hash.' : undefined}
        />
        <div role="status">
          {check.busy && <Notice>Checking: {checked.toLocaleString()} entries are right so far.</Notice>}
          {verdict !== undefined && verdict.fault === undefined && (
            <Notice tone="good">
              The log is whole: {verdict.head.seq.toLocaleString()} sealed entries are as they were written
              {verdict.waiting > 0 && `, and ${verdict.waiting} wait for their seal`}.
            </Notice>
          )}
        </div>
        {verdict?.fault !== undefined && <Notice tone="bad">The log is broken. {verdict.fault}</Notice>}
        {error !== undefined && (
          <Notice tone="bad">The log could not be read to its end. {sentenceOf(error)}</Notice>
        )}
        {verdict !== undefined && verdict.head.seq > 0 && (
          <Secret
            label="Head of now, to note down elsewhere"
            text={`${verdict.head.seq}:${verdict.head.hash}`}
          />
        )}
      </div>
    </Section>
  );
}
