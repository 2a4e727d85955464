/* SPDX-License-Identifier: Apache-2.0 */
/** Showing a stretch of the past again: the film a server runs, what is waited for in it, the keys that control it. */
package dev.traversion.kubectl.play;
