/* SPDX-License-Identifier: Apache-2.0 */
/** Benchmarks of the archive. {@link dev.traversion.archive.bench.PartBenchmarks} is the one to run. */
package dev.traversion.archive.bench;
