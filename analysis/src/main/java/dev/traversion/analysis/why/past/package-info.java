/* SPDX-License-Identifier: Apache-2.0 */
/** What a question about causes reads of a recording: versions, changes with their authors, Events, gaps. */
package dev.traversion.analysis.why.past;
