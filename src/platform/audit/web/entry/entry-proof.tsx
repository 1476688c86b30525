import { useEffect, useState } from 'react';
import { CodeBlock, Loading, StatusTag, useApi, type Tone } from '#platform/ui/web';
import { api, type EntryProved, type LogState } from '../api.ts';
import { checkEntry, mayCheck, type Checked, type Found } from '../check/proof.ts';
import { auditWords } from '../words.ts';

const TONES: Readonly<Record<Found, Tone>> = {
  good: 'ok',
  bad: 'alarm',
  unknown: 'quiet',
  leftOut: 'quiet',
};

const NOT_READ: Checked = { leaf: 'bad', personal: 'bad', path: 'bad', signature: 'bad' };

function useCheck(entry: EntryProved, state: LogState | undefined) {
  const [checked, setChecked] = useState<Checked>();
  // As text, because the state is asked for again and again and its keys hardly ever change.
  const verifiers = state?.keys.map(({ verifier }) => verifier).join('\n');
  useEffect(() => {
    if (verifiers === undefined || entry.index === null || !mayCheck()) return undefined;
    let left = false;
    checkEntry(entry, verifiers.split('\n')).then(
      (found) => left || setChecked(found),
      () => left || setChecked(NOT_READ), // what cannot even be read is not proved
    );
    return () => {
      left = true;
    };
  }, [entry, verifiers]);
  return checked;
}

/** The entry checked here, step by step, from its content to the signature over the root. */
export function EntryProof({ entry }: { entry: EntryProved }) {
  const say = auditWords.useText();
  const { data } = useApi<LogState>(api.state());
  const checked = useCheck(entry, data);
  const { head } = entry;
  return (
    <section className="sj-card" aria-labelledby="proof">
      <h2 id="proof">{say('proof')}</h2>
      {entry.index === null || !head ? (
        <p>{say('proofWaiting')}</p>
      ) : !mayCheck() ? (
        <p>{say('proofNoCrypto')}</p>
      ) : checked ? (
        <>
          <p className="sj-soft">{say('proofAbout')}</p>
          <ol className="sj-audit-steps">
            <Step found={checked.leaf} text={say('checkLeaf')} />
            <Step found={checked.personal} text={say('checkPersonal')} />
            <Step found={checked.path} text={say('checkPath', { count: entry.proof.length })} />
            <Step found={checked.signature} text={say('checkSignature', { key: head.key })} />
          </ol>
        </>
      ) : (
        <Loading height={140} />
      )}
      <Bytes title={say('leaf')} code={entry.content} />
      {entry.hash && <Bytes title={say('hash')} code={entry.hash} />}
      {entry.proof.length > 0 && <Bytes title={say('path')} code={entry.proof.join('\n')} />}
      {head && <Bytes title={say('headNote')} code={head.note.trimEnd()} />}
    </section>
  );
}

function Step({ found, text }: { found: Found; text: string }) {
  const say = auditWords.useText();
  return (
    <li>
      <StatusTag tone={TONES[found]}>{say(found)}</StatusTag> <span>{text}</span>
    </li>
  );
}

function Bytes({ title, code }: { title: string; code: string }) {
  return (
    <>
      <h3>{title}</h3>
      <CodeBlock code={code} label={title} />
    </>
  );
}
