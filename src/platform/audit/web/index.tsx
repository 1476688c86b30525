import type { ModuleWeb } from '#platform/ui/web';
import { auditWords } from './words.ts';

export { Receipts, type ReceiptsProps } from './receipts/receipts.tsx';

const { zh, en } = auditWords;

/** The audit log, and who looked at one's own data. */
export const web: ModuleWeb = {
  words: [auditWords],
  pages: [
    {
      path: '/work/audit',
      title: { zh: zh.title, en: en.title },
      about: { zh: zh.about, en: en.about },
      face: 'work',
      order: 80,
      load: async () => (await import('./log/log.tsx')).AuditLog,
    },
    {
      path: '/work/audit/$id',
      title: { zh: zh.one, en: en.one },
      face: 'work',
      listed: false,
      load: async () => (await import('./entry/entry.tsx')).AuditEntry,
    },
  ],
};
