import { Button } from 'antd';
import { useMemo, useState } from 'react';
import {
  DataTable,
  Empty,
  ErrorState,
  formatTime,
  Problem,
  SchemaForm,
  useApi,
  useLanguage,
  usePick,
  useSend,
  useToast,
  type Column,
  type FormSchema,
} from '#platform/ui/web';
import { at, type Body, type BodyTree, type Items, type Member } from '../api.ts';
import { EndButton } from '../parts.tsx';
import { identityWords } from '../words.ts';

const { zh, en } = identityWords;

const appointment = (posts: BodyTree['posts']): FormSchema => ({
  type: 'object',
  required: ['person', 'post'],
  properties: {
    person: { type: 'string', maxLength: 100, 'x-label': { zh: zh.memberName, en: en.memberName } },
    post: {
      type: 'string',
      enum: posts.map(({ id }) => id),
      'x-choices': Object.fromEntries(posts.map(({ id, name }) => [id, name])),
      'x-label': { zh: zh.post, en: en.post },
    },
    until: {
      type: 'string',
      format: 'date',
      'x-label': { zh: zh.memberUntil, en: en.memberUntil },
    },
  },
});

/** Who belongs to a body, with posts and terms; who answers for it appoints and relieves. */
export function Members({ body, tree }: { body: Body; tree: BodyTree }) {
  const say = identityWords.useText();
  const pick = usePick();
  const language = useLanguage();
  const toast = useToast();
  const [adding, setAdding] = useState(false);
  const members = useApi<Items<Member>>(at.members(body.id));
  const add = useSend({ touches: [at.bodies] });
  const end = useSend({ touches: [at.bodies], onDone: () => toast.done(say('memberEnded')) });
  const schema = useMemo(() => appointment(tree.posts), [tree.posts]);
  const nameIn = (some: BodyTree['posts'], id: string) => {
    const found = some.find((one) => one.id === id);
    return found ? pick(found.name) : id;
  };
  const hidden =
    members.error instanceof Problem &&
    (members.error.status === 403 || members.error.status === 401);
  const timeOf = (at: string) => formatTime(at, language).slice(0, 10);

  const columns: Column<Member>[] = [
    { key: 'name', title: say('member'), value: (m) => m.person.name },
    { key: 'post', title: say('post'), value: (m) => nameIn(tree.posts, m.post) },
    {
      key: 'term',
      title: say('term'),
      value: (m) => `${timeOf(m.from)} – ${m.until ? timeOf(m.until) : say('termOpen')}`,
    },
    ...(body.mayKeep
      ? [
          {
            key: 'end',
            title: say('acts'),
            value: () => '',
            render: (m: Member) => (
              <EndButton
                text={say('memberEnd')}
                label={say('memberEndIt', { name: m.person.name })}
                onEnd={() => end.mutate({ method: 'DELETE', path: at.membership(m.id) })}
              />
            ),
          },
        ]
      : []),
  ];

  return (
    <>
      <h2>{say('membersOf', { name: pick(body.name) })}</h2>
      <p className="sj-soft">{nameIn(tree.kinds, body.kind)}</p>
      {end.error && <ErrorState error={end.error} />}
      {hidden ? (
        <Empty title={say('membersHidden')} />
      ) : (
        <DataTable
          label={say('membersOf', { name: pick(body.name) })}
          columns={columns}
          rows={members.data?.items}
          rowKey={(m) => m.id}
          error={members.error}
          empty={<Empty title={say('membersNone')} />}
        />
      )}
      {body.mayKeep &&
        (adding ? (
          <SchemaForm
            schema={schema}
            submit={say('memberAdd')}
            onCancel={() => setAdding(false)}
            onSubmit={async ({ person, post, until }) => {
              const end = until ? new Date(`${String(until)}T23:59:59`).toISOString() : undefined;
              const asked = { person, post, ...(end === undefined ? {} : { until: end }) };
              await add.mutateAsync({ method: 'POST', path: at.members(body.id), body: asked });
              toast.done(say('memberAdded'));
              setAdding(false);
            }}
          />
        ) : (
          <Button onClick={() => setAdding(true)}>{say('memberAdd')}</Button>
        ))}
    </>
  );
}
