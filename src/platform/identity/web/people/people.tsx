import { Button, Input, Modal } from 'antd';
import { useState } from 'react';
import {
  DataTable,
  DemoTag,
  ErrorState,
  PageFrame,
  SchemaForm,
  StatusTag,
  useApi,
  useSend,
  useToast,
  type Column,
} from '#platform/ui/web';
import { at, type Items, type Person } from '../api.ts';
import { EndButton, SecretOnce } from '../parts.tsx';
import { identityWords } from '../words.ts';
import '../identity.css';
import { CHECK, PERSON } from './forms.ts';

/** Accounts: added, let in again, known by a document, closed. */
export function PeoplePage() {
  const say = identityWords.useText();
  const toast = useToast();
  const [text, setText] = useState('');
  const [adding, setAdding] = useState(false);
  const [checking, setChecking] = useState<Person>();
  const [code, setCode] = useState<string>();
  const people = useApi<Items<Person>>(at.people(text), { keep: true });
  const touches = [at.newPeople];
  const add = useSend<{ code: string }>({ touches });
  const give = useSend<{ code: string }>({ onDone: (made) => setCode(made.code) });
  const check = useSend({ touches });
  const close = useSend({ touches, onDone: () => toast.done(say('personClosed')) });
  const fault = give.error ?? close.error;
  const assurances: Readonly<Record<string, string>> = {
    anonymous: say('assurance_anonymous'),
    contact: say('assurance_contact'),
    'real-name': say('assurance_real'),
  };

  const columns: Column<Person>[] = [
    {
      key: 'name',
      title: say('personName'),
      value: (p) => p.name,
      render: (p) => (
        <>
          {p.name} {p.demo && <DemoTag />}
          {p.closedAt && <StatusTag tone="quiet">{say('personClosed')}</StatusTag>}
        </>
      ),
    },
    { key: 'signInName', title: say('personSignIn'), value: (p) => p.signInName },
    {
      key: 'assurance',
      title: say('assurance'),
      value: (p) => assurances[p.assurance] ?? p.assurance,
    },
    { key: 'roles', title: say('personRoles'), value: (p) => p.roles.join(', ') },
    {
      key: 'acts',
      title: say('acts'),
      value: () => '',
      render: (p) =>
        !p.closedAt &&
        !p.demo && (
          <div className="sj-id-tools">
            <EndButton
              text={say('personCode')}
              label={say('personCodeIt', { name: p.name })}
              onEnd={() => give.mutate({ method: 'POST', path: at.codes(p.id), body: {} })}
            />
            <Button
              size="small"
              aria-label={say('personCheckIt', { name: p.name })}
              onClick={() => setChecking(p)}
            >
              {say('personCheck')}
            </Button>
            <EndButton
              text={say('personClose')}
              label={say('personCloseIt', { name: p.name })}
              onEnd={() => close.mutate({ method: 'DELETE', path: at.person(p.id) })}
            />
          </div>
        ),
    },
  ];

  return (
    <PageFrame
      title={say('people')}
      about={say('peopleAbout')}
      actions={<Button onClick={() => setAdding(true)}>{say('personAdd')}</Button>}
    >
      {fault && <ErrorState error={fault} />}
      <DataTable
        label={say('people')}
        columns={columns}
        rows={people.data?.items}
        rowKey={(p) => p.id}
        error={people.error}
        tools={
          <Input
            allowClear
            aria-label={say('peopleFind')}
            placeholder={say('peopleFind')}
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
        }
      />
      <Modal
        open={adding}
        title={say('personAdd')}
        footer={null}
        onCancel={() => setAdding(false)}
        destroyOnHidden
      >
        <SchemaForm
          schema={PERSON}
          submit={say('personAdd')}
          onSubmit={async ({ role, ...form }) => {
            const body = { ...form, roles: role ? [role] : [] };
            const made = await add.mutateAsync({ method: 'POST', path: at.newPeople, body });
            setAdding(false);
            setCode(made.code);
          }}
        />
      </Modal>
      <Modal
        open={checking !== undefined}
        title={checking && say('personCheckIt', { name: checking.name })}
        footer={null}
        onCancel={() => setChecking(undefined)}
        destroyOnHidden
      >
        <SchemaForm
          schema={CHECK}
          submit={say('personCheck')}
          onSubmit={async (body) => {
            await check.mutateAsync({ method: 'POST', path: at.checks(checking?.id ?? ''), body });
            toast.done(say('checkDone'));
            setChecking(undefined);
          }}
        />
      </Modal>
      <SecretOnce
        title={say('recoverCode')}
        about={say('personCodeIs')}
        secret={code}
        onClose={() => setCode(undefined)}
      />
    </PageFrame>
  );
}
