/** Numbers of 32 bits. */
export function u32(...values: number[]): Buffer {
	const bytes = Buffer.alloc(4 * values.length);
	values.forEach((value, index) => bytes.writeUInt32BE(value, 4 * index));
	return bytes;
}

/** A box of an MP4 file. */
export function box(type: string, ...contents: Buffer[]): Buffer {
	const content = Buffer.concat(contents);
	return Buffer.concat([u32(8 + content.length), Buffer.from(type, 'latin1'), content]);
}

/** The boxes of a file, or those in its box of a type. */
export function boxesOf(bytes: Buffer, type?: string): Buffer[] {
	const boxes: Buffer[] = [];
	for (let rest = bytes; rest.length > 0; rest = rest.subarray(rest.readUInt32BE(0))) {
		boxes.push(rest.subarray(0, rest.readUInt32BE(0)));
	}
	if (type === undefined) return boxes;
	const parent = boxes.find((entry) => entry.toString('latin1', 4, 8) === type);
	return boxesOf(parent!.subarray(8));
}

/** A movie with other boxes in its header. */
export function withHeader(movie: Buffer, change: (boxes: Buffer[]) => Buffer[]): Buffer {
	const others = boxesOf(movie).filter((entry) => entry.toString('latin1', 4, 8) !== 'moov');
	return Buffer.concat([...others, box('moov', ...change(boxesOf(movie, 'moov')))]);
}

/** A movie with other bytes in every box of a type, from `offset` of its content on. */
export function changed(movie: Buffer, type: string, offset: number, bytes: Buffer): Buffer {
	const copy = Buffer.from(movie);
	for (let at = copy.indexOf(type); at >= 0; at = copy.indexOf(type, at + 1)) {
		bytes.copy(copy, at + 4 + offset);
	}
	return copy;
}
