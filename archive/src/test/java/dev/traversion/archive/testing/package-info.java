/* SPDX-License-Identifier: Apache-2.0 */
/** What tests and benchmarks of the archive share: streams of changes, and simple models to compare with. */
package dev.traversion.archive.testing;
