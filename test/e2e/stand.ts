import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll } from 'vitest';
import type { House } from '#kernel/boot';
import { openTestCity } from '../city.ts';
import { openBrowser, openPage, type Sight } from './browser.ts';

/** A city and a browser for the tests of one file; both are there from the first test to the last. */
export const standCity = (env: Readonly<Record<string, string>> = {}) => {
  let house: House;
  let browser: Browser;
  let address: string;
  beforeAll(async () => {
    house = await openTestCity(env);
    address = await house.listen();
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await house?.[Symbol.asyncDispose]();
  });
  return {
    get house() {
      return house;
    },
    get address() {
      return address;
    },
    openPage: (sight?: Sight): Promise<Page & { readonly faults: string[] }> =>
      openPage(browser, address, sight),
  };
};
