/* SPDX-License-Identifier: Apache-2.0 */
/** Benchmarks of recording, against an API server that only sends. */
package dev.traversion.snapshotter.bench;
