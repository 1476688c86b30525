import { useApi, type Bilingual } from '#platform/ui/web';

export type PolicyText = {
  readonly id: string;
  readonly title: Bilingual;
  readonly effect: 'permit' | 'forbid';
  readonly text: string;
};
export type Book = {
  readonly module: string;
  readonly title: Bilingual;
  readonly text: string;
  readonly changed: boolean;
  readonly unusable: boolean;
  readonly policies: readonly PolicyText[];
};
export type Answer = { readonly allowed: boolean; readonly because: readonly PolicyText[] };
export type Trial = {
  readonly recorded: number;
  readonly allowed: number;
  readonly denied: number;
  readonly changed: readonly {
    readonly actor: {
      readonly kind: string;
      readonly id: string;
      readonly roles: readonly string[];
    };
    readonly action: string;
    readonly resource: string | null;
    readonly allowed: boolean;
  }[];
};
type Who = { readonly id: string; readonly name: string };
export type Change = {
  readonly id: string;
  readonly module: string;
  readonly text: string;
  readonly reason: string;
  readonly state: 'proposed' | 'approved' | 'rejected' | 'withdrawn';
  readonly proposedBy: Who;
  readonly proposedAt: string;
  readonly decidedBy: Who | null;
  readonly decidedAt: string | null;
};
export type Emergency = {
  readonly id: string;
  readonly actor: Who;
  readonly reason: string;
  readonly beganAt: string;
  readonly untilAt: string;
  readonly reviewedBy: Who | null;
  readonly justified: boolean | null;
  readonly note: string | null;
};
export type Action = { readonly id: string; readonly title: Bilingual };

export const RIGHTS = '/api/policy';
const part = encodeURIComponent;

export const api = {
  actions: () => `${RIGHTS}/actions`,
  books: () => `${RIGHTS}/books`,
  questions: () => `${RIGHTS}/questions`,
  trials: () => `${RIGHTS}/trials`,
  changes: () => `${RIGHTS}/changes`,
  decision: (id: string) => `${RIGHTS}/changes/${part(id)}/decision`,
  emergencies: () => `${RIGHTS}/emergencies`,
  review: (id: string) => `${RIGHTS}/emergencies/${part(id)}/review`,
} as const;

/** Whether the person may see rights; undefined while it is not known. */
export function useMaySee(): boolean | undefined {
  const { data } = useApi<{ actions: readonly string[] }>(`${RIGHTS}/me`);
  return data?.actions.includes('policy.see-rights');
}

export const useMe = () =>
  useApi<{ actor: { readonly id: string } }>('/api/identity/me').data?.actor.id;
