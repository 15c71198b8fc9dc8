import { setFlagsFromString } from 'node:v8';

// What V8 does by itself in a process as large as n8n, once it has compiled a megabyte of patterns:
// from then on they need stack for every character of a repetition, and fail on megabytes.
setFlagsFromString('--no-regexp-optimization');
