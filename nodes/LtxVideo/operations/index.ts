import type { Operation } from '../item';
import { getStatus } from './getStatus';
import { submit } from './submit';
import { submitAndWait } from './submitAndWait';
import { wait } from './wait';

/** Every operation, by the value of the node's `operation` parameter. */
export const OPERATIONS: Record<string, Operation> = { getStatus, submit, submitAndWait, wait };
