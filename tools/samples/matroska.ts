/** What a Matroska file of the tests says of itself. */
export interface Matroska {
	seconds?: number;
	framesPerSecond?: number;
	width?: number;
	height?: number;
	/** Left out where it has none. */
	tracks?: Array<'picture' | 'sound'>;
	documentType?: 'matroska' | 'webm';
}

/** An element: its name, its length in 8 bytes as encoders write it, its content. */
export function element(name: number, ...contents: Buffer[]): Buffer {
	const content = Buffer.concat(contents);
	const length = Buffer.alloc(8);
	length.writeBigUInt64BE(BigInt(content.length) | (1n << 56n));
	return Buffer.concat([Buffer.from(name.toString(16), 'hex'), length, content]);
}

export function number(name: number, value: number): Buffer {
	const content = Buffer.alloc(4);
	content.writeUInt32BE(value);
	return element(name, content);
}

function float(name: number, value: number): Buffer {
	const content = Buffer.alloc(8);
	content.writeDoubleBE(value);
	return element(name, content);
}

/** An MKV or WEBM whose header says what is asked for, and whose content is nothing. */
export function matroskaOf({
	seconds = 4,
	framesPerSecond = 24,
	width = 1920,
	height = 1080,
	tracks = ['sound', 'picture'],
	documentType = 'matroska',
}: Matroska = {}): Buffer {
	const info = element(0x1549a966, number(0x2ad7b1, 1_000_000), float(0x4489, seconds * 1000));
	const picture = element(
		0xae,
		number(0x83, 1),
		number(0x23e383, Math.round(1e9 / framesPerSecond)),
		element(0xe0, number(0xb0, width), number(0xba, height)),
	);
	const sound = element(0xae, number(0x83, 2), number(0x23e383, 21_000_000));
	const entries = tracks.map((track) => (track === 'picture' ? picture : sound));
	const cluster = element(0x1f43b675, number(0xe7, 0));
	const segment = element(0x18538067, info, element(0x1654ae6b, ...entries), cluster);
	return Buffer.concat([element(0x1a45dfa3, element(0x4282, Buffer.from(documentType))), segment]);
}
