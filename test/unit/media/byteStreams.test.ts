import { PassThrough, Readable } from 'node:stream';

import { watchIntake } from '../../../nodes/LtxVideo/media/byteStreams';

it('counts what comes in, also what nobody reads, and sees the end before a reader does', async () => {
	const stream = new PassThrough();
	stream.write(Buffer.alloc(3));
	const intake = watchIntake(stream);
	expect(intake).toEqual({ bytes: 3, hasEnded: false });

	stream.write(Buffer.alloc(4));
	expect(intake).toEqual({ bytes: 7, hasEnded: false });

	stream.end();
	expect(stream.readableEnded).toBe(false);
	expect(intake).toEqual({ bytes: 7, hasEnded: true });
	expect(Buffer.concat(await stream.toArray())).toHaveLength(7);
});

it('counts bytes alone', () => {
	const stream = new Readable({ objectMode: true, read: () => {} });
	const intake = watchIntake(stream);
	stream.push({ length: 3 });

	expect(intake).toEqual({ bytes: 0, hasEnded: false });
});
