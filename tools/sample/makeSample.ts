import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { zipSync } from 'fflate';
import { format, resolveConfig } from 'prettier';

import { REPOSITORY } from '../engine/paths';

/*
 * Makes the files that stand for videos while somebody builds a workflow, as a source of the node: what
 * ships may not read from disk. Needs ffmpeg with libx264.
 */

const TARGET = join(REPOSITORY, 'nodes', 'LtxVideo', 'sample', 'files.ts');
const VIDEO_PIXELS = 480;
const FRAME_PIXELS = 160;
const SECONDS = 4;

const picture = (pixels: number) => `color=c=0x303030:s=${pixels}x${pixels}:r=24:d=${SECONDS}`;
const word = (y: string) =>
	`drawtext=font='Sans\\:bold':text=SAMPLE:fontsize=h/5:fontcolor=white:x=(w-tw)/2:y='${y}'`;
const CENTER = '(h-th)/2';
// In steps of the encoder's blocks: a picture that only moves costs next to nothing.
const UP_AND_DOWN = `${CENTER}-32+16*abs(mod(trunc(n/8),8)-4)`;
const REPEATABLE = ['-fflags', '+bitexact', '-flags', '+bitexact', '-map_metadata', '-1'];

/** A square bears both an upright and a wide frame. */
const VIDEO = [
	...['-f', 'lavfi', '-i', `${picture(VIDEO_PIXELS)},${word(UP_AND_DOWN)},format=yuv420p`],
	// Services that take videos may refuse one without sound.
	...['-f', 'lavfi', '-i', 'anullsrc=r=24000:cl=mono', '-t', String(SECONDS)],
	...['-c:v', 'libx264', '-preset', 'placebo', '-tune', 'animation', '-qp', '37', '-threads', '1'],
	...['-x264-params', 'bframes=0:keyint=999:scenecut=0:weightp=0:no-deblock=1:aq-mode=0:mbtree=0'],
	// Without the encoder's own notes, and with few chunks to list.
	...['-bsf:v', 'filter_units=remove_types=6', '-chunk_duration', '1000000'],
	...['-c:a', 'aac', '-b:a', '8k', '-movflags', '+faststart'],
];
const FRAME = [
	...['-f', 'lavfi', '-i', `${picture(FRAME_PIXELS)},format=gbrp,${word(CENTER)},format=gbrpf32le`],
	...['-frames:v', '1', '-c:v', 'exr', '-compression', 'zip16', '-format', 'half'],
];

/** Runs ffmpeg, and gives the file that it made. */
function make(parameters: string[], extension: string): Buffer {
	const folder = mkdtempSync(join(tmpdir(), 'ltx-video-sample-'));
	try {
		const path = join(folder, `sample.${extension}`);
		execFileSync('ffmpeg', ['-v', 'error', ...parameters, ...REPEATABLE, path], {
			stdio: ['ignore', 'ignore', 'inherit'],
		});
		return readFileSync(path);
	} finally {
		rmSync(folder, { recursive: true });
	}
}

const video = make(VIDEO, 'mp4');
const frames = zipSync(
	{ 'frame_0001.exr': new Uint8Array(make(FRAME, 'exr')) },
	{ level: 9, mtime: '2026-11-01T12:00:00' },
);
const constant = (name: string, bytes: Uint8Array) =>
	`export const ${name} = '${Buffer.from(bytes).toString('base64')}';`;

async function writeSource(): Promise<void> {
	const source = `
		// Made by tools/sample/makeSample.ts.

		/** 4 s of H.264 and AAC that say SAMPLE, as base64. */
		${constant('SAMPLE_MP4', video)}

		/** A ZIP archive with one EXR image that says SAMPLE, as base64. */
		${constant('SAMPLE_FRAMES', frames)}
	`;
	const config = await resolveConfig(TARGET);
	writeFileSync(TARGET, await format(source, { ...config, filepath: TARGET }));
	console.log(`${TARGET}: MP4 of ${video.length} bytes, ZIP of ${frames.length} bytes`);
}

void writeSource();
