import { useEffect, useState } from 'react';
import { readFacts } from './step.ts';

/** The same, anew whenever it changes. */
export function useFacts(): URLSearchParams {
  const [facts, setFacts] = useState(readFacts);
  useEffect(() => {
    const read = () => setFacts(readFacts());
    window.addEventListener('hashchange', read);
    return () => window.removeEventListener('hashchange', read);
  }, []);
  return facts;
}
