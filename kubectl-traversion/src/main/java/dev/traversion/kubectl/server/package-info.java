/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Serving a recording to this user's commands: a {@link dev.traversion.kubectl.server.MomentServer}, in the foreground or the
 * background, and how commands find it, start it and ask it for moments.
 */
package dev.traversion.kubectl.server;
