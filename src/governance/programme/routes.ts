import type { App } from '#kernel/http';
import type { Registers } from '#platform/registers';
import { PlanAnswer, TargetsAnswer } from './contract.ts';
import type { Programme } from './index.ts';

const READ = { action: 'programme.read' };
const TAGS = ['programme'];

/** The plan with what of it is real, and its targets. */
export const addRoutes = (app: App, programme: Programme, registers: Registers) => {
  app.get(
    '/plan',
    {
      config: READ,
      schema: {
        tags: TAGS,
        summary: 'Every clause of the plan, its state and who is answerable',
        response: { 200: PlanAnswer },
      },
    },
    async () => {
      const { title, from, to, parts } = registers.plan();
      const bodies = registers.bodies();
      const answerable = (clause: string) =>
        bodies.filter((b) => b.clauses.includes(clause)).map(({ id, name }) => ({ id, name }));
      return {
        title,
        from,
        to,
        parts,
        groups: programme.plan().map(({ rows, ...group }) => ({
          ...group,
          rows: rows.map((row) => ({
            ...row,
            modules: [...row.modules],
            bodies: answerable(row.id),
          })),
        })),
      };
    },
  );
  app.get(
    '/targets',
    {
      config: READ,
      schema: {
        tags: TAGS,
        summary: 'The targets of the plan and where their figures come from',
        response: { 200: TargetsAnswer },
      },
    },
    async () => ({
      items: registers.targets().map((target) => ({ ...target, standing: 'no-source' as const })),
    }),
  );
};
