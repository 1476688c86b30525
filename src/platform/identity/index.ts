import type { FastifyRequest } from 'fastify';
import type { Actor } from '#kernel/actor';
import { port } from '#kernel/module';

export type { Me, NewToken, Token } from './contract.ts';

/** Tells whose secret this is, or undefined where it is not one of the resolver's own. */
export type Resolver = (secret: string) => Promise<Actor | undefined>;

export type Identity = {
  /**
   * Who sends a request: the bearer of a secret, the person of a session, or nobody in particular. What it answers may be
   * a second old. Throws Refusal('unauthenticated') for a bearer secret that is not valid, Refusal('forbidden') for a
   * change that another site's page asks for in a person's name.
   */
  readonly identify: (request: FastifyRequest) => Promise<Actor>;
  /** Adds bearer secrets that another module keeps, such as those of devices. */
  readonly registerResolver: (resolve: Resolver) => void;
  /** Makes `admin` where the house has no administrator yet. Answers the password this once, else undefined. */
  readonly ensureFirstAdministrator: () => Promise<{ name: string; password: string } | undefined>;
  /** A person by id, as one who signed in by one factor; undefined where there is no open account. */
  readonly findPerson: (id: string) => Promise<Actor | undefined>;
  /** The ids of people with an open account, in their order, after one. */
  readonly listPeople: (afterId: string, limit: number) => Promise<string[]>;
};

export const identity = port<Identity>()('identity');
