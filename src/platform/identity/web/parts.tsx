import { Button, Modal, Popconfirm } from 'antd';
import type { ReactNode } from 'react';
import { CodeBlock } from '#platform/ui/web';
import { identityWords } from './words.ts';
import './identity.css';

/** A part of a page under a heading of its own. */
export function Section({
  id,
  title,
  about,
  children,
}: {
  id: string;
  title: string;
  about?: string;
  children: ReactNode;
}) {
  return (
    <section className="sj-card" aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      {about && <p className="sj-soft">{about}</p>}
      {children}
    </section>
  );
}

/** What ends something, once the person has said so twice. */
export function EndButton({
  text,
  label,
  onEnd,
  loading,
}: {
  text: string;
  label: string;
  onEnd: () => void;
  loading?: boolean;
}) {
  const say = identityWords.useText();
  return (
    <Popconfirm title={say('sure')} okText={text} cancelText={say('cancel')} onConfirm={onEnd}>
      <Button size="small" aria-label={label} loading={loading ?? false}>
        {text}
      </Button>
    </Popconfirm>
  );
}

/** Shows a secret; it goes only when the person says that they have it. */
export function SecretOnce({
  title,
  about,
  secret,
  onClose,
}: {
  title: string;
  about: string;
  secret: string | undefined;
  onClose: () => void;
}) {
  const say = identityWords.useText();
  return (
    <Modal
      open={secret !== undefined}
      title={title}
      closable={false}
      keyboard={false}
      width={600}
      mask={{ closable: false }}
      footer={
        <Button type="primary" onClick={onClose}>
          {say('saved')}
        </Button>
      }
    >
      <p>{about}</p>
      {secret !== undefined && <CodeBlock code={secret} label={title} />}
    </Modal>
  );
}
