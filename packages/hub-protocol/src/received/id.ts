import { uuid7, uuid7Says } from '../forms.ts';
import { form } from './reader.ts';

export const id = form(uuid7, uuid7Says);
