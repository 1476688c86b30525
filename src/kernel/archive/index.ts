export { type ArchiveStep, readArchive, writeArchive } from './archive.ts';
