import { getStatus } from './getStatus';
import type { BaseItem, Operation } from './item';
import { submit } from './submit';
import { submitAndWait } from './submitAndWait';
import { upload } from './upload';
import { wait } from './wait';

/** Every operation on jobs, by the value of the node's `operation` parameter. */
export const JOB_OPERATIONS: Record<string, Operation> = { submitAndWait, submit, wait, getStatus };

/** The `resource` that is no endpoint: files that are uploaded for any number of jobs. */
export const FILE_RESOURCE = 'file';

/** Every operation on files. */
export const FILE_OPERATIONS: Record<string, Operation<BaseItem>> = { upload };
