import type { BaseItem, Operation } from './item';
import { getStatus } from './getStatus';
import { submit } from './submit';
import { submitAndWait } from './submitAndWait';
import { upload } from './upload';
import { wait } from './wait';

/** Every operation on jobs, by the value of the node's `operation` parameter. */
export const JOB_OPERATIONS: Record<string, Operation> = { getStatus, submit, submitAndWait, wait };

/** Every operation on files. */
export const FILE_OPERATIONS: Record<string, Operation<BaseItem>> = { upload };
