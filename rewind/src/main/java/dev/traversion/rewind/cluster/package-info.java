/* SPDX-License-Identifier: Apache-2.0 */
/** One recorded cluster and its moments: what was served then, what is known of it, and how it moves on. */
package dev.traversion.rewind.cluster;
