/* SPDX-License-Identifier: Apache-2.0 */
/** What is told of recordings themselves: how complete they are, who read them, and a stretch of one as a file. */
package dev.traversion.rewind.recording;
